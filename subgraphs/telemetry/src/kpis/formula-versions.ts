/** The versions of the formulas; one goes up when its definition, or a weight in it, changes. */
export const FORMULA_VERSIONS = {
  timeToBenefit: 1,
  turnaround: 1,
  effectiveness: 1,
  staffRelief: 1,
  /** Version 1 weighs CSAT 0.4, on time 0.3, no re-contact 0.3. */
  customerExperience: 1,
} as const
