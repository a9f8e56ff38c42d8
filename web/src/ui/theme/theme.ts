import { createTheme } from '@mui/material/styles'
import type {} from '@mui/material/themeCssVarsAugmentation'
import { darkPalette, lightPalette } from './palette.ts'

const heading = { fontWeight: 680, letterSpacing: '-0.018em', lineHeight: 1.2 }

/** The dashboard's one theme; light or dark follows the system until the viewer chooses. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data' },
  colorSchemes: { light: { palette: lightPalette }, dark: { palette: darkPalette } },
  shape: { borderRadius: 10 },
  typography: {
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    h1: { ...heading, fontSize: '1.75rem' },
    h2: { ...heading, fontSize: '1.2rem' },
    h3: { ...heading, fontSize: '1rem' },
    body1: { fontSize: '0.9375rem' },
    body2: { fontSize: '0.875rem' },
    button: { textTransform: 'none', fontWeight: 600 },
    overline: { fontWeight: 650, letterSpacing: '0.08em', lineHeight: 1.6, fontSize: '0.7rem' },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: (t) => ({
        body: { fontFeatureSettings: "'cv05', 'cv11', 'ss03'", overflowWrap: 'break-word' },
        '::selection': { background: t.vars.palette.primary.main, color: t.vars.palette.primary.contrastText },
        ':focus-visible': { outline: `3px solid ${t.vars.palette.secondary.main}`, outlineOffset: 2 },
      }),
    },
    MuiButtonBase: {
      defaultProps: { disableRipple: true },
      styleOverrides: {
        root: ({ theme: t }) => ({
          fontFamily: 'inherit',
          '&:focus-visible': { outline: `3px solid ${t.vars.palette.secondary.main}`, outlineOffset: 2 },
        }),
      },
    },
    MuiButton: { defaultProps: { disableElevation: true }, styleOverrides: { root: { borderRadius: 8, minHeight: 40 } } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiCard: {
      defaultProps: { variant: 'outlined' },
      styleOverrides: { root: { borderRadius: 14 } },
    },
    MuiChip: { styleOverrides: { root: { fontWeight: 600, borderRadius: 8 } } },
    MuiTableCell: { styleOverrides: { head: { fontWeight: 600, fontSize: '0.8rem' } } },
    MuiTooltip: { defaultProps: { arrow: true, enterTouchDelay: 0 } },
    MuiLink: { defaultProps: { underline: 'hover' } },
    MuiOutlinedInput: { styleOverrides: { root: ({ theme: t }) => ({ backgroundColor: t.vars.palette.background.paper }) } },
    MuiTextField: { defaultProps: { size: 'small', fullWidth: true } },
    MuiDialog: {
      defaultProps: { fullWidth: true, maxWidth: 'sm' },
      // A form around content and buttons: the content scrolls, the buttons stay in view.
      styleOverrides: { paper: { '& > form': { display: 'flex', flexDirection: 'column', minHeight: 0 } } },
    },
    MuiSkeleton: { defaultProps: { animation: 'wave' } },
  },
})
