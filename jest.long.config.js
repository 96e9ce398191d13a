/** Property tests look for new cases, at least 100,000 each; name one file to run it by itself. */
process.env.WAYBILL_LONG = '1'

module.exports = require('./jest.config')
