import {quoteForShell} from '../shell-quote.ts'
import type {CompletionNode} from './command-tree.ts'

export function bashScript(nodes: CompletionNode[]): string {
  const paths = nodes.filter(({path}) => path !== '').map(({path}) => quoteForShell(path))
  return `# bmfote completion for bash
_bmfote() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" words="" flags="" values="" word index
  [[ "\${COMP_WORDS[0]##*/}" == bmfote-agent ]] && path="agent"
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${nodes.map(caseOf).join('\n')}
  esac
  case "$path $previous" in
${nodes.flatMap(valueCasesOf).join('\n')}
  esac
  COMPREPLY=()
  if [[ -n "$values" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _bmfote bmfote bmfote-agent`
}

function caseOf({path, words, flags}: CompletionNode): string {
  const offered = words.map(({word}) => word).join(' ')
  const dashed = flags.map(({name}) => `--${name}`).join(' ')
  return `    ${quoteForShell(path)}) words="${offered}" flags="${dashed}" ;;`
}

function valueCasesOf({path, flags}: CompletionNode): string[] {
  return flags
    .filter(({options}) => options.length > 0)
    .map(({name, options}) => `    ${quoteForShell(`${path} --${name}`)}) values="${options.join(' ')}" ;;`)
}
