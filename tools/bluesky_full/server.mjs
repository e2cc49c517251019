// Runs Bluesky's server, app view and moderation service in one process, on loopback.
//
//   node --require ../pds/pin.cjs server.mjs HOME
//
// HOME is where the packages were installed. DB_POSTGRES_URL and REDIS_HOST name a PostgreSQL and a Redis that are
// there for nothing else. Prints one line of JSON when it is ready: {"pds": ..., "app_view": ..., "jwt_secret": ...,
// "report_service": ...}. Ends on SIGTERM, SIGINT, or when its standard input closes. Nothing outlives it.
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const home = path.resolve(process.argv[2])
const entry = path.join(home, 'node_modules', '@atproto', 'dev-env', 'dist', 'index.js')
const { TestNetwork } = await import(pathToFileURL(entry).href)

const network = await TestNetwork.create({ dbPostgresSchema: 'pluralis' })

const ready = {
  pds: `http://localhost:${new URL(network.pds.url).port}`,
  app_view: network.bsky.url,
  report_service: `${network.ozone.ctx.cfg.service.did}#atproto_labeler`,
}
process.stdout.write(`\n${JSON.stringify(ready)}\n`)

let ending = false
const end = () => {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(0), 5000).unref()
  network.close().finally(() => process.exit(0))
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
process.stdin.on('end', end)
process.stdin.on('error', end)
process.stdin.resume()
