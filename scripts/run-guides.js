/**
 * Follows the guides of `docs/` to the letter, as a newcomer would: in an empty folder, with the packed tarball in the
 * place of the published package. Shell blocks run, named blocks become files, `diff` blocks are applied, and each line of
 * a `text` block has to occur in what the shell block before it printed.
 */
const { execFileSync, spawnSync } = require('node:child_process')
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { dirname, join, resolve } = require('node:path')
const { applyPatch, parsePatch } = require('diff')
const { blocksOf } = require('./guide-blocks')

const root = resolve(__dirname, '..')

/** Guides in the same list go on in the same folder. */
const journeys = [
  ['write-a-destination', 'test-a-destination'],
  ['run'],
  ['configuration'],
  ['migrate-from-actions-core'],
]

/** Blanks of tables and of indented output say nothing. */
const condensed = (text) => text.replace(/\s+/g, ' ')

/** Runs a shell block; what it exports is there for the next one. */
function runShell(script, folder) {
  const environment = join(folder, '.exported.sh')
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `set -eo pipefail\n[ -f ${environment} ] && . ${environment}\n${script}\nexport -p > ${environment}`,
    ],
    {
      cwd: folder,
      encoding: 'utf8',
      timeout: 300_000,
      // A person's terminal is no CI, where jest writes no snapshots.
      env: {
        ...process.env,
        CI: 'false',
        FORCE_COLOR: '0',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
      },
    },
  )
  if (status !== 0) throw new Error(`exit code ${status ?? 'none, after five minutes'}\n${stdout}\n${stderr}`)
  return `${stdout}\n${stderr}`
}

const actions = {
  sh: ({ text }, folder, tarball) =>
    runShell(text.replace(/^npm install waybill$/m, `npm install ${tarball}`), folder),
  file: ({ file, text }, folder) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  },
  diff: ({ text }, folder) => {
    for (const patch of parsePatch(text)) {
      const file = join(folder, patch.newFileName.replace(/^b\//, ''))
      const changed = applyPatch(readFileSync(file, 'utf8'), patch)
      if (changed === false) throw new Error(`the diff does not fit ${patch.newFileName}`)
      writeFileSync(file, changed)
    }
  },
  text: ({ text }, _folder, _tarball, output) => {
    for (const line of text.trim().split('\n'))
      if (!condensed(output).includes(condensed(line.trim())))
        throw new Error(`expected ${JSON.stringify(line)} in\n${output}`)
  },
}

function follow(guide, folder, tarball) {
  const startedAt = Date.now()
  let output = ''
  const blocks = blocksOf(readFileSync(join(root, 'docs', `${guide}.md`), 'utf8'))
  for (const block of blocks) {
    try {
      output = actions[block.kind](block, folder, tarball, output) ?? output
    } catch (error) {
      throw new Error(
        `docs/${guide}.md, line ${block.line}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`,
      )
    }
  }
  console.log(`docs/${guide}.md: ${blocks.length} blocks, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`)
}

/** A guide that failed half way may have left a server running, whose number it keeps in a file. */
function stopServers(places) {
  for (const place of places)
    try {
      const pid = Number(readFileSync(join(place, 'vendor.pid'), 'utf8'))
      if (pid > 0) process.kill(pid)
    } catch {
      // There was none, or it has ended as the guide says.
    }
}

const folder = mkdtempSync(join(tmpdir(), 'waybill-guides-'))
try {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder, '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  const only = process.argv.slice(2)
  for (const [index, guides] of journeys.entries()) {
    if (only.length > 0 && !guides.some((guide) => only.includes(guide))) continue
    const place = join(folder, `journey-${index}`)
    mkdirSync(place)
    for (const guide of guides) follow(guide, place, join(folder, packed.filename))
  }
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  stopServers(journeys.map((_, index) => join(folder, `journey-${index}`)))
  rmSync(folder, { recursive: true, force: true })
}
