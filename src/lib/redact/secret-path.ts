/**
 * Files that exist to hold secrets. What a tool read from one of them is not worth keeping: redaction finds the secrets
 * that have a form or a name, and such a file may hold others.
 */
export function isSecretPath(path: string): boolean {
  const parts = path.trim().replaceAll('\\', '/').split('/')
  const file = (parts.at(-1) ?? '').toLowerCase()
  const folders = parts.slice(0, -1).map((part) => part.toLowerCase())
  if (EXAMPLE.test(file)) return false
  if (FILE.test(file)) return true
  const folder = folders.at(-1) ?? ''
  if (folder === '.ssh')
    return !/\.pub$|^(?:config|known_hosts(?:\.old)?|authorized_keys)$/.test(file) && file !== ''
  return FILES_OF_FOLDER.get(folder)?.test(file) ?? false
}

/** Written to be read: `.env.example`. */
const EXAMPLE = /(?:^|[._-])(?:example|sample|template|dist|defaults?|schema)(?:\.[a-z]+)?$/

const FILE = new RegExp(
  `^(?:${[
    '\\.env(?:\\..+)?|.+\\.env|\\.envrc|\\.flaskenv|\\.dev\\.vars',
    '.+\\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx|ppk|ovpn|tfstate|tfvars)',
    'id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?',
    '\\.(?:npmrc|pypirc|netrc|pgpass|my\\.cnf|htpasswd|git-credentials|vault-token|boto|s3cfg|dockercfg)|_netrc',
    '\\.?credentials(?:\\.[a-z]+)?|client_secret.*\\.json|service[-_]?account.*\\.json|application_default_credentials\\.json',
    '(?:.+[._-])?secrets?\\.(?:ya?ml|json|toml|env|ini|txt)|kubeconfig|rclone\\.conf|shadow|environ',
  ].join('|')})$`,
)

/** Files whose name says nothing without the folder that they lie in. */
const FILES_OF_FOLDER = new Map<string, RegExp>(
  Object.entries({
    '.kube': /^config$/,
    '.docker': /^config\.json$/,
    '.codex': /^auth\.json$/,
    '.aws': /^config$/,
    gh: /^hosts\.yml$/,
  }),
)

const READERS =
  /^(?:cat|bat|batcat|less|more|head|tail|nl|tac|grep|egrep|rg|sed|awk|cut|sort|xxd|od|base64|strings|jq|yq|type|diff)$/

/** Whether a shell command prints such a file. */
export function readsSecretFile(command: string): boolean {
  return command.split(/[|;&\n]+|\$\(|`/).some((part) => {
    const words = part
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/^[<'"]+|['")]+$/g, ''))
    const program = words.find((word) => word !== 'sudo' && !/^\w+=/.test(word))
    const name = program?.split('/').at(-1) ?? ''
    return READERS.test(name) && words.slice(1).some((word) => isSecretPath(word))
  })
}
