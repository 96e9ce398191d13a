import { render } from 'preact'
import { App } from './app'
import { startRouter } from './data/router'
import { startSettings } from './data/settings'
import { startKeyboard } from './keys/keyboard'

startSettings()
startRouter()
startKeyboard()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
