import packageJson from '../../../package.json' with {type: 'json'}

/**
 * What the product says of itself. A fork that is run as a service names its own source here (package.json's
 * `repository`): AGPL-3.0 section 13 wants users to be offered the source of the version they talk to.
 */
export const PRODUCT = {
  name: 'bmfote',
  version: packageJson.version,
  description: packageJson.description,
  license: packageJson.license,
  source: packageJson.repository.url.replace(/^git\+/, '').replace(/\.git$/, ''),
} as const
