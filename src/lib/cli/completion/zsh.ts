import {quoteForShell} from '../shell-quote.ts'
import type {CompletionNode} from './command-tree.ts'

export function zshScript(nodes: CompletionNode[]): string {
  const paths = nodes.filter(({path}) => path !== '').map(({path}) => quoteForShell(path))
  return `#compdef bmfote bmfote-agent
# bmfote completion for zsh
_bmfote() {
  local at="" word
  local -a offered flags values
  [[ "\${words[1]:t}" == bmfote-agent ]] && at="agent"
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${nodes.map(caseOf).join('\n')}
  esac
  case "$at \${words[CURRENT-1]}" in
${nodes.flatMap(valueCasesOf).join('\n')}
  esac
  if (( \${#values} )); then
    _describe -t values value values
  elif [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -t flags flag flags
  elif (( \${#offered} )); then
    _describe -t commands command offered
  else
    _files
  fi
}
if ! (( \${+functions[compdef]} )); then
  autoload -Uz compinit && compinit
fi
compdef _bmfote bmfote bmfote-agent`
}

function caseOf({path, words, flags}: CompletionNode): string {
  const offered = words.map(({word, description}) => describedWord(word, description))
  const dashed = flags.map(({name, description}) => describedWord(`--${name}`, description))
  return `    ${quoteForShell(path)}) offered=(${offered.join(' ')}) flags=(${dashed.join(' ')}) ;;`
}

function valueCasesOf({path, flags}: CompletionNode): string[] {
  return flags
    .filter(({options}) => options.length > 0)
    .map(
      ({name, options}) =>
        `    ${quoteForShell(`${path} --${name}`)}) values=(${options.map(quoteForShell).join(' ')}) ;;`,
    )
}

/** `_describe` splits at the first colon. */
function describedWord(word: string, description: string): string {
  const escaped = word.replaceAll(':', '\\:')
  return quoteForShell(description === '' ? escaped : `${escaped}:${description}`)
}
