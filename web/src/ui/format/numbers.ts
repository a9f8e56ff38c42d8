export interface Money {
  /** Decimal string. */
  amount: string
  /** ISO 4217. */
  currency: string
}

/** Money with as many digits as tell something: a run costs fractions of a cent. */
export function formatMoney({ amount, currency }: Money): string {
  const value = Number(amount)
  const tiny = value !== 0 && Math.abs(value) < 0.1
  const digits = tiny ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits }).format(value)
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
export const formatCount = (value: number): string =>
  Math.abs(value) < 10_000 ? value.toLocaleString('en') : compact.format(value)

/** A share from 0 to 1 as per cent; never rounds something to nothing or to all. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  if (percent < 100 && percent > 99.9) return '> 99.9 %'
  return `${percent.toLocaleString('en', { maximumFractionDigits: Math.abs(percent) < 10 || Math.abs(percent) > 99 ? 1 : 0 })} %`
}

/** Three digits that count: 0.042, 3.14, 128. */
export const formatFigure = (value: number): string =>
  value
    .toLocaleString('en', {
      maximumSignificantDigits: Math.abs(value) >= 100 ? Math.trunc(Math.abs(value)).toString().length : 3,
    })
    .replace('-', '−')
