// The PDS has no setting for the address it listens on and would take every interface.
// Loaded before it (node --require), this keeps every server of the process on loopback.
'use strict'

const net = require('node:net')

const listen = net.Server.prototype.listen

net.Server.prototype.listen = function (...args) {
  const first = args[0]
  if (first !== null && typeof first === 'object') {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...args.slice(1))
  }
  const callback = args.find((arg) => typeof arg === 'function')
  const options = { port: Number(first ?? 0), host: '127.0.0.1' }
  return callback ? listen.call(this, options, callback) : listen.call(this, options)
}
