import {Args, Flags} from '@oclif/core'
import {ask} from '../../lib/cli/confirm.ts'
import {workspaceFlag} from '../../lib/cli/flags.ts'
import {type PreparedSetup, prepareSetup} from '../../lib/cli/prepare-setup.ts'
import {readStdin} from '../../lib/cli/read-stdin.ts'
import {SetupCommand, TOOL_NAMES, toolsNamed} from '../../lib/cli/setup-command.ts'
import {PRODUCT} from '../../lib/config/product.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {describePlan} from '../../lib/setup/describe-plan.ts'
import {applySetup, isNothingToDo} from '../../lib/setup/setup.ts'
import {planText} from '../../lib/ui/setup/plan-text.ts'
import {count} from '../../lib/ui/text/count.ts'

export default class Setup extends SetupCommand {
  static override summary = 'connect the AI tools of this machine to the memory'
  static override description = `\
Claude Code gets hooks that record every turn and recall at the start, and the memory's tools; Cursor and Windsurf get
the tools. With --url the memory is a server's, which is asked first; without, it is the local file. What would be done
to which file is shown first; everything can be taken back with bmfote setup remove.

Without a tool it is Claude Code; without any argument, all tools that are found here. It can be repeated: after an
update, it brings everything up to date. The token may also come from BMFOTE_TOKEN or standard input, so that it stays
out of the shell's history.`

  static override examples = [
    '<%= config.bin %> setup --url https://memory.example.com --token TOKEN',
    '<%= config.bin %> setup --dry-run',
    '<%= config.bin %> setup cursor --rules',
    'pass memory | <%= config.bin %> setup claude-code --url https://memory.example.com --token-stdin --yes',
  ]

  static override args = {
    tool: Args.string({
      description: 'the tool to set up',
      options: TOOL_NAMES,
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override flags = {
    url: Flags.string({description: "the server's address", helpValue: 'URL', exclusive: ['local']}),
    token: Flags.string({description: "the server's token", helpValue: 'TOKEN', exclusive: ['token-stdin']}),
    'token-stdin': Flags.boolean({description: 'read the token from standard input'}),
    local: Flags.boolean({description: 'the local file, where a server was set up before'}),
    workspace: workspaceFlag,
    author: Flags.string({
      description: "who you are, to others (default: git's user.name)",
      helpValue: 'NAME',
    }),
    'prompt-recall': Flags.boolean({
      description: 'recall at each prompt too, where something fits it (Claude Code)',
      allowNo: true,
    }),
    rules: Flags.boolean({description: 'a rule for this project too, to recall first (Cursor)'}),
    import: Flags.boolean({description: "bring in Claude Code's history as well"}),
    yes: Flags.boolean({char: 'y', description: 'do not ask'}),
    'dry-run': Flags.boolean({description: 'only show what would be done'}),
  }

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(Setup)
    const {url, local, workspace, author, rules} = flags
    const tools = toolsNamed(args.tool)
    if (rules && !tools.some(({name}) => name === 'cursor')) throw rulesAreForCursor()
    const token = flags['token-stdin'] ? await readToken() : flags.token
    const prepared = await prepareSetup({
      flags: {url, token, local, workspace, author, promptRecall: flags['prompt-recall']},
      tools,
      isLookAround: [url, token, author].every((given) => given === undefined) && !local,
      rulesFolder: rules ? process.cwd() : undefined,
      isDryRun: flags['dry-run'],
      undisturbed: (context, look) => this.undisturbed(context, look, {isDryRun: flags['dry-run']}),
      environment: this.environment,
      cwd: process.cwd(),
    })
    if (isNothingToDo(prepared.plan)) return this.endWithNothingToDo(prepared, flags)
    this.showPlan(prepared)
    if (flags['dry-run']) {
      this.say('\nNothing was changed: this is what would be done.')
      return this.body(prepared, {applied: false})
    }
    const answer = this.canAsk && !flags.yes ? await ask(`\n${questionFor(prepared)}`) : 'yes'
    if (!/^(y(es)?|i(mport)?)$/i.test(answer)) {
      this.say('Nothing was changed.')
      return this.body(prepared, {applied: false})
    }
    await this.apply(prepared)
    await this.end(prepared, {wantsImport: flags.import || /^i/i.test(answer)})
    return this.body(prepared, {applied: true})
  }

  private apply({plan, request}: PreparedSetup): Promise<void> {
    return this.alone(request.context, () => applySetup(plan, request))
  }

  private showPlan({plan, request, server, remarks}: PreparedSetup): void {
    const {connection, paths} = request.context
    const {action, path, installedVersion} = plan.program
    const titles = request.tools.map(({title}) => title).join(', ')
    const place = server
      ? `the memory at ${server.url} (${server.messages.toLocaleString('en-US')} messages)`
      : `the memory ${connection.url === undefined ? 'in the local file' : `at ${connection.url}`}`
    const view = {
      title: `${PRODUCT.name} ${PRODUCT.version} for ${titles}, with ${place}`,
      program:
        action === 'none'
          ? undefined
          : {
              path,
              action: installedVersion
                ? `takes the place of ${installedVersion}`
                : 'the program, for hooks and tools to start',
            },
      changes: describePlan(plan, connection),
      remarks,
      home: paths.userHome,
    }
    this.log(planText(view, this.style))
  }

  private async end(
    {request, sessions}: PreparedSetup,
    {wantsImport}: {wantsImport: boolean},
  ): Promise<void> {
    this.say('\nDone.')
    for (const {next} of request.tools) this.say(next)
    if (wantsImport && !this.jsonEnabled()) await this.config.runCommand('import:claude-code', [])
    else if (sessions > 0) {
      this.say(
        `Claude Code's history (${count(sessions, 'session')}, deleted after 30 days) comes in with: bmfote import claude-code`,
      )
    }
    this.say('See how it is: bmfote setup status. Take it back: bmfote setup remove')
  }

  private async endWithNothingToDo(
    prepared: PreparedSetup,
    {'dry-run': isDryRun}: {'dry-run': boolean},
  ): Promise<unknown> {
    // A newer bmfote that has nothing to change is noted all the same.
    if (!isDryRun) await this.apply(prepared)
    this.log('Everything is set up already: there is nothing to change.')
    for (const remark of prepared.remarks) this.say(`Note: ${remark}`)
    return this.body(prepared, {applied: !isDryRun})
  }

  private body({request, plan, server, remarks}: PreparedSetup, {applied}: {applied: boolean}): unknown {
    const {connection} = request.context
    return toWire({
      applied,
      tools: request.tools.map(({name}) => name),
      url: connection.url ?? null,
      server: server ? {version: server.version, messages: server.messages} : null,
      program: plan.program,
      changes: describePlan(plan, connection),
      remarks,
      next: request.tools.map(({next}) => next),
    })
  }
}

function questionFor({sessions}: PreparedSetup): string {
  if (sessions === 0) return 'Do this? [y/N]'
  return `Do this? y: yes; i: yes, and bring in Claude Code's history (${count(sessions, 'session')}) too; anything else: no.`
}

async function readToken(): Promise<string> {
  const token = (await readStdin()).trim()
  if (token !== '') return token
  throw new BmfoteError('invalid_input', 'No token came on standard input.', {
    next: 'pass memory | bmfote setup --url URL --token-stdin',
  })
}

function rulesAreForCursor(): BmfoteError {
  return new BmfoteError(
    'invalid_input',
    '--rules writes a rule into this project, which only Cursor needs.',
    {
      next: 'bmfote setup cursor --rules',
    },
  )
}
