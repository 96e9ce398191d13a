export type {
  Emulator,
  EmulatorAnswer,
  EmulatorFault,
  EmulatorHandler,
  EmulatorRequest,
  LoggedRequest,
} from './emulator/emulator-types'
export { type EmulatorOptions, startEmulator } from './emulator/start-emulator'
