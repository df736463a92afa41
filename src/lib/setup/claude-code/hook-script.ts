import {join} from 'node:path'
import type {Paths} from '../../config/environment.ts'
import {type HookEvent, kebabCase} from './hook-events.ts'

/**
 * The script of one event. Each is whole in itself: a shell that can't find a file to read in ends with status 2, and
 * with that status Claude Code throws away what the person has typed. The trap sees to it that there is no such status.
 *
 * It is dash's sh, and does as little as it can: the person waits for it, and each program that is started (date, mv)
 * costs more than all the rest. So a file has no date in its name, and it is the sender that says when it is whole. A raw
 * event stays on this machine; what is sent of it, the program decides.
 */
export function hookScript(
  {name, recall}: HookEvent,
  paths: Paths,
  {promptRecall = false}: {promptRecall?: boolean} = {},
): string {
  const command = recall && (!recall.isOptional || promptRecall) ? recall.command : undefined
  const output = command ? 'exec 2>/dev/null' : 'exec >/dev/null 2>&1'
  return `#!/bin/sh
# bmfote, for Claude Code's ${name}: written by "bmfote setup", taken away by "bmfote setup remove".
# Puts the event into a folder of this machine, and lets the program send it in the background.
# BMFOTE_DISABLE=1 pauses. Nothing that goes wrong here may cost a turn.
trap 'exit 0' EXIT
${output}
if [ "\${BMFOTE_DISABLE:-}" = 1 ]; then exit 0; fi

BMFOTE_HOME=\${BMFOTE_HOME:-${homeForShell(paths)}}
export BMFOTE_HOME
BMFOTE=$BMFOTE_HOME/bin/bmfote
if [ ! -x "$BMFOTE" ]; then exit 0; fi

umask 077
spool=$BMFOTE_HOME/spool
if [ ! -d "$spool" ]; then mkdir -p "$spool" || exit 0; fi
event=$spool/$$-${kebabCase(name)}
while [ -e "$event.part" ] || [ -e "$event.json" ]; do event=$event-; done
if ! cat >"$event.part"; then
  rm -f "$event.part"
  exit 0
fi
${command ? `"$BMFOTE" hook ${command} <"$event.part"\n` : ''}# On the terminal's hang-up the sender goes on.
trap '' HUP
"$BMFOTE" hook send "$event" </dev/null >/dev/null 2>&1 &
`
}

/** Where setup was told another place than ~/.bmfote, hooks that start without that variable find it too. */
function homeForShell({home, userHome}: Paths): string {
  if (home === join(userHome, '.bmfote')) return '$HOME/.bmfote'
  return `'${home.replaceAll("'", "'\\''")}'`
}
