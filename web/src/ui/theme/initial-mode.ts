/** Sets the colour scheme before the first paint, so that a dark page does not flash white (an inline script would break the CSP). */
export function applyInitialMode(): void {
  const mode = localStorage.getItem('mui-mode') ?? 'system'
  const dark = mode === 'dark' || (mode === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute(dark ? 'data-dark' : 'data-light', '')
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
}
