const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A readable cron in plain words, without its time zone: "Every Monday at 08:00". @param cron five parts that `checkTimes` took */
export function cronWords(cron: string): string {
  const [minute, hour, day, month, weekday] = cron.trim().toUpperCase().split(/\s+/) as [string, string, string, string, string]
  const days = dayWords(day, month, weekday)
  const at = clockTimes(minute, hour)
  if (at !== undefined) return `${capital(days)} at ${listed(at)}`
  const pace = paceWords(minute, hour)
  return days === 'every day' ? pace : `${pace}, ${days}`
}

function clockTimes(minute: string, hour: string): string[] | undefined {
  const [minutes, hours] = [numbers(minute), numbers(hour)]
  if (minutes === undefined || hours === undefined || minutes.length * hours.length > 6) return undefined
  return hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`))
}

function paceWords(minute: string, hour: string): string {
  const minutes = numbers(minute)
  const step = /^(?:\*|0)\/(\d+)$/.exec(minute)?.[1]
  const often =
    minute === '*'
      ? 'Every minute'
      : step !== undefined
        ? `Every ${step} minutes`
        : `At minute ${minutes ? listed(minutes.map(String)) : minute}`
  if (hour === '*')
    return minute === '0' ? 'Every hour, on the hour' : often === 'Every minute' || step ? often : `${often} of every hour`
  const hours = /^(?:\*|0)\/(\d+)$/.exec(hour)?.[1]
  if (hours !== undefined) return minute === '0' ? `Every ${hours} hours` : `${often} of every ${hours} hours`
  const range = /^(\d+)-(\d+)$/.exec(hour)
  if (range !== null) {
    const between = `between ${two(Number(range[1]))}:00 and ${two(Number(range[2]))}:59`
    return minute === '0'
      ? `Every hour between ${two(Number(range[1]))}:00 and ${two(Number(range[2]))}:00`
      : `${often} ${between}`
  }
  return `${often} in the hours ${hour}`
}

function dayWords(day: string, month: string, weekday: string): string {
  const months = month === '*' ? '' : namesOf(month, MONTHS, 1)
  const ofMonth = months === '' ? 'of every month' : `of ${months}`
  const parts: string[] = []
  if (day === 'L') parts.push(`on the last day ${ofMonth}`)
  else if (day !== '*' && day !== '?') {
    const list = numbers(day)
    const step = /^\*\/(\d+)$/.exec(day)?.[1]
    if (step !== undefined) parts.push(`every ${step} days ${ofMonth}`)
    else parts.push(`on ${list === undefined ? `the days ${day}` : `the ${listed(list.map(ordinal))}`} ${ofMonth}`)
  }
  if (weekday !== '*' && weekday !== '?') parts.push(weekdayWords(weekday))
  if (parts.length === 0) return months === '' ? 'every day' : `every day in ${months}`
  // Cron takes a day that fits either of both.
  const words = parts.join(' and ')
  return months !== '' && !words.includes(months) ? `${words} in ${months}` : words
}

function weekdayWords(weekday: string): string {
  if (['1-5', 'MON-FRI'].includes(weekday)) return 'every weekday'
  if (['0,6', '6,0', 'SAT,SUN', 'SUN,SAT', '6-7', '6,7'].includes(weekday)) return 'every Saturday and Sunday'
  const nth = /^(\w+)#(\d)$/.exec(weekday)
  if (nth !== null) return `on the ${ordinal(Number(nth[2]))} ${namesOf(nth[1]!, WEEKDAYS, 0)} of the month`
  return `every ${namesOf(weekday, WEEKDAYS, 0)}`
}

/** Of a list or range of names or numbers. @param first the number of the first name */
function namesOf(field: string, names: string[], first: number): string {
  const nameOf = (part: string) => {
    const index = /^\d+$/.test(part) ? Number(part) - first : names.findIndex((name) => name.toUpperCase().startsWith(part))
    return names[index % names.length] ?? part
  }
  return listed(field.split(',').map((part) => part.split('-').map(nameOf).join(' to ')))
}

const numbers = (field: string): number[] | undefined => (/^\d+(,\d+)*$/.test(field) ? field.split(',').map(Number) : undefined)

function ordinal(number: number): string {
  const tens = number % 100
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${suffix}`
}

const two = (number: number) => String(number).padStart(2, '0')
const listed = (words: string[]) => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`)
const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
