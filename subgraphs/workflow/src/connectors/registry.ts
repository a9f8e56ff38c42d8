import { connector as artifact } from './artifact.connector.ts'
import type { Connector } from './connector.ts'
import { connector as email } from './email.connector.ts'
import { connector as http } from './http.connector.ts'
import { connector as n8n } from './n8n.connector.ts'
import { connector as openapi } from './openapi.connector.ts'

/** Every `*.connector.ts` of this folder, in the order in which people choose; a test holds it to the folder. */
export const CONNECTORS: readonly Connector[] = [http, openapi, email, n8n, artifact]

/** Tools that are there without being configured, by their name. */
export const BUILT_IN: readonly Connector[] = [artifact, n8n]

export const connectorOf = (kind: string): Connector | undefined => CONNECTORS.find((connector) => connector.kind === kind)
