/** Where to go on after a change of organisation: what belongs to one run or one review of the former is left for the list. */
export const pathAfterSwitch = (pathname: string): string => /^\/(runs|reviews)\//.exec(pathname)?.[0].slice(0, -1) ?? pathname
