// Runs the real Bluesky server (PDS) with a directory of identities (PLC) in one process, on loopback.
//
//   node --require ./pin.cjs ./server.cjs FOLDER
//
// FOLDER keeps repositories, pictures, identities, keys and ports: started again on it, the same server comes
// back. Prints one line of JSON when it is ready: {"pds": "http://localhost:1", "plc": "http://localhost:2",
// "jwt_secret": "..."}. Ends on SIGTERM, SIGINT, or when its standard input closes (so that it cannot outlive
// the process that started it). BLOB_LIMIT (bytes) sets the largest upload.
'use strict'

const crypto = require('node:crypto')
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')

const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
const { PlcServer, Database } = require('@did-plc/server')
const { CID } = require('multiformats/cid')

async function main() {
  const folder = path.resolve(process.argv[2])
  fs.mkdirSync(path.join(folder, 'blobs'), { recursive: true })
  const settings = await loadSettings(path.join(folder, 'settings.json'))
  const plc = PlcServer.create({ db: keptDatabase(path.join(folder, 'identities.json')), port: settings.plcPort })
  await plc.start()
  const env = environment(folder, settings)
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  const ready = {
    pds: `http://localhost:${settings.pdsPort}`,
    plc: `http://localhost:${settings.plcPort}`,
    jwt_secret: settings.jwtSecret,
  }
  process.stdout.write(JSON.stringify(ready) + '\n')
  endWith(async () => {
    await pds.destroy()
    await plc.destroy()
  })
}

function environment(folder, settings) {
  return {
    port: settings.pdsPort,
    hostname: 'localhost',
    dataDirectory: folder,
    blobstoreDiskLocation: path.join(folder, 'blobs'),
    blobstoreDiskTmpLocation: path.join(folder, 'blobs-coming'),
    blobUploadLimit: Number(process.env.BLOB_LIMIT || 5 * 1024 * 1024),
    didPlcUrl: `http://localhost:${settings.plcPort}`,
    serviceHandleDomains: ['.test'],
    enableDidDocWithSession: true,
    inviteRequired: false,
    devMode: true,
    disableSsrfProtection: true,
    rateLimitsEnabled: true,
    jwtSecret: settings.jwtSecret,
    adminPassword: settings.adminPassword,
    plcRotationKeyK256PrivateKeyHex: settings.rotationKey,
  }
}

async function loadSettings(file) {
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8'))
  const settings = {
    pdsPort: await freePort(),
    plcPort: await freePort(),
    jwtSecret: crypto.randomBytes(16).toString('hex'),
    adminPassword: crypto.randomBytes(16).toString('hex'),
    rotationKey: crypto.randomBytes(32).toString('hex'),
  }
  fs.writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  return settings
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = http.createServer()
    probe.once('error', reject)
    probe.listen(0, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

// The directory's own database for tests lives in memory; identities must outlive a restart.
function keptDatabase(file) {
  const db = Database.mock()
  if (fs.existsSync(file)) {
    const kept = JSON.parse(fs.readFileSync(file, 'utf8'))
    for (const [did, operations] of Object.entries(kept)) {
      db.contents[did] = operations.map((operation) => ({
        ...operation,
        cid: CID.parse(operation.cid),
        createdAt: new Date(operation.createdAt),
      }))
    }
  }
  const add = db.validateAndAddOp.bind(db)
  db.validateAndAddOp = async (did, proposed) => {
    await add(did, proposed)
    const plain = (key, value) => (value instanceof CID ? value.toString() : value)
    const shown = Object.fromEntries(
      Object.entries(db.contents).map(([name, operations]) => [
        name,
        operations.map((operation) => ({ ...operation, cid: operation.cid.toString() })),
      ]),
    )
    fs.writeFileSync(`${file}.new`, JSON.stringify(shown, plain))
    fs.renameSync(`${file}.new`, file)
  }
  return db
}

function endWith(close) {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(0), 3000).unref()
    close().finally(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.stdin.on('end', end)
  process.stdin.on('error', end)
  process.stdin.resume()
}

main().catch((error) => {
  process.stderr.write(`${error.stack || error}\n`)
  process.exit(1)
})
