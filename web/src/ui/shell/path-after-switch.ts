/** Where to go on after a change of organisation: what belongs to one run, review or knowledge base of the former is left for the list. */
export const pathAfterSwitch = (pathname: string): string =>
  /^\/(runs|reviews|knowledge)\//.exec(pathname)?.[0].slice(0, -1) ?? pathname
