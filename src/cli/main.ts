#!/usr/bin/env node
import { runCommandLine } from './command-line'
import { processTerminal } from './process-terminal'

const { terminal, release } = processTerminal()
runCommandLine(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code
  release()
})
