import {pathFlavour} from './git-repository.ts'
import {isIgnoredPath} from './ignore-patterns.ts'
import {describeFolder, type FolderProject, type ProjectOptions} from './project.ts'

/** Files that are there to hold secrets: what a tool reads from them or writes into them is nobody's memory. */
const SECRET_FILES = [
  '.env',
  '.env.*',
  '!.env.example',
  '!.env.sample',
  '!.env.template',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  '*.jks',
  '*.keystore',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  '.netrc',
  '.pgpass',
  '.git-credentials',
  '**/.aws/credentials',
]

/** What is known of the folders of one run: a history names the same few again and again. */
export class ProjectFolders {
  readonly #options: ProjectOptions
  readonly #known = new Map<string, FolderProject>()

  constructor(options: ProjectOptions) {
    this.#options = options
  }

  projectOf(folder: string): string | undefined {
    return this.#describe(folder).name
  }

  /** Whether this file, or what is done in this very folder, is to be left out of the memory. */
  isIgnored(folder: string, path = folder): boolean {
    const {file} = this.#describe(folder)
    if (path !== folder && isIgnoredPath(path.replaceAll('\\', '/'), SECRET_FILES)) return true
    if (!file || file.ignore.length === 0) return false
    const flavour = pathFlavour(file.folder)
    const relative = flavour.relative(file.folder, flavour.resolve(folder, path))
    const isBelow = relative !== '..' && !/^\.\.[\\/]/.test(relative) && !flavour.isAbsolute(relative)
    return isBelow && isIgnoredPath(relative.replaceAll('\\', '/'), file.ignore)
  }

  #describe(folder: string): FolderProject {
    let known = this.#known.get(folder)
    if (!known) {
      known = describeFolder(folder, this.#options)
      this.#known.set(folder, known)
    }
    return known
  }
}
