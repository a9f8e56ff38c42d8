import { invoiceIntake } from './shipped/invoice-intake.ts'
import { leadQualification } from './shipped/lead-qualification.ts'
import type { ShippedWorkflow } from './shipped.ts'
import { supportTriage } from './support-triage.ts'

/** Every workflow that comes with the product. */
export const shippedWorkflows: ShippedWorkflow[] = [supportTriage, invoiceIntake, leadQualification]
