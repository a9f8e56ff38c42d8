import type { PaletteOptions } from '@mui/material/styles'

/** Enamel cream, signal-box green, lamp amber and semaphore red: the colours of a railway signal box. */
export const box = {
  green: '#17382f',
  greenDeep: '#0d221c',
  cream: '#f6efdd',
  arm: '#e2572b',
  lamp: '#f3b73e',
} as const

/** Every text colour here reaches 4.5 : 1 on both of its backgrounds (WCAG 2.2 AA). */
export const lightPalette: PaletteOptions = {
  primary: { main: '#1f5a49', dark: '#17382f', light: '#3d7d69', contrastText: '#ffffff' },
  secondary: { main: '#a8431d', contrastText: '#ffffff' },
  success: { main: '#23704a', contrastText: '#ffffff' },
  warning: { main: '#8a5300', contrastText: '#ffffff' },
  error: { main: '#b0281f', contrastText: '#ffffff' },
  info: { main: '#2d5f7c', contrastText: '#ffffff' },
  background: { default: '#f5f1e8', paper: '#fffdf8' },
  text: { primary: '#1a2521', secondary: '#52605a' },
  divider: 'rgba(26, 48, 40, 0.14)',
}

export const darkPalette: PaletteOptions = {
  primary: { main: '#8fd0b5', dark: '#5fae90', light: '#b5e3d0', contrastText: '#0b1a15' },
  secondary: { main: '#f2a184', contrastText: '#2a0f05' },
  success: { main: '#82cfa0', contrastText: '#08180f' },
  warning: { main: '#f0b95a', contrastText: '#211400' },
  error: { main: '#ff9a8c', contrastText: '#2b0603' },
  info: { main: '#94c3de', contrastText: '#06141d' },
  background: { default: '#0f1614', paper: '#17201d' },
  text: { primary: '#e8eee9', secondary: '#a5b3ac' },
  divider: 'rgba(214, 236, 226, 0.14)',
}
