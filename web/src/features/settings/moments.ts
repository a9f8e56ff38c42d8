const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' })
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** `Nov 2026` */
export const formatMonth = (iso: string): string => month.format(new Date(iso))
/** `23 Nov 2026` */
export const formatDate = (iso: string): string => date.format(new Date(iso))
