/** Exit code 0 when this container's service answers `/health`. A service without a port of its own says so with a file it touches. */
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/health`, { signal: AbortSignal.timeout(3_000) }).catch(
  () => undefined,
)
process.exit(answer?.ok ? 0 : 1)
