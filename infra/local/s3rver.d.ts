declare module 's3rver' {
  import type { Server } from 'node:http'

  export default class S3rver {
    constructor(options: {
      address: string
      port: number
      directory: string
      silent: boolean
      configureBuckets: { name: string }[]
    })
    readonly httpServer: Server
    readonly store: { getBucket(name: string): Promise<unknown>; putBucket(name: string): Promise<unknown> }
    run(): Promise<unknown>
    close(): Promise<void>
  }
}
