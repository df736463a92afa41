const PLACES: readonly [string, string][] = [
  ['shell', 'export API_TOKEN=TOKEN'],
  ['file', 'a line API_TOKEN=TOKEN, then: bmfote server start --env-file FILE   (chmod 600 FILE)'],
  ['systemd', '/etc/bmfote/bmfote.env, then: systemctl restart bmfote'],
  ['compose', '.env beside docker-compose.yml, then: docker compose up -d'],
  ['Fly', 'fly secrets set API_TOKEN=TOKEN'],
  ['Railway', 'railway variables --set API_TOKEN=TOKEN'],
  ['Render', "the service's Environment page"],
]

/** What to do with a new token. */
export function tokenHelp(alreadySet: readonly {name: string; hint: string}[]): string {
  return [
    '',
    ...alreadySet.map(({name, hint}) => `${name} is set here (${hint}); it stays until you change it.`),
    'Where the server takes it from:',
    ...PLACES.map(([name, how]) => `  ${name.padEnd(9)}${how}`),
    'What every client sends, as Authorization: Bearer TOKEN:',
    '  bmfote setup --url URL --token TOKEN',
  ].join('\n')
}
