/** The one key pair that s3rver knows; access is checked in front of it, by the workflow service. */
export const OBJECT_STORE_KEY = { accessKey: 'S3RVER', secretKey: 'S3RVER' }
export const BUCKET = 'signalbox'
