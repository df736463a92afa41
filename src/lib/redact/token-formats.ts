/**
 * Tokens that say by their first characters who gave them out. What follows is at least as long as the giver's shortest;
 * mostly there is no upper limit, so that a longer generation of the same token does not get through.
 */
export interface TokenFormat {
  kind: string
  starts: readonly string[]
  /** What follows, as the source of a regular expression that can't backtrack. */
  body: string
}

const ALNUM = '[A-Za-z0-9]'
const WORD = '[A-Za-z0-9_-]'
const HEX = '[0-9a-f]'
const BASE64 = '[A-Za-z0-9+/=_-]'

export const TOKEN_FORMATS: readonly TokenFormat[] = [
  // Code hosts and package registries.
  {kind: 'github-token', starts: ['ghp_', 'gho_', 'ghu_', 'ghr_'], body: '[A-Za-z0-9_]{30,}'},
  {kind: 'github-token', starts: ['ghs_'], body: `${WORD}{30,}(?:\\.${WORD}+){0,2}`},
  {kind: 'github-token', starts: ['github_pat_'], body: '[A-Za-z0-9_]{22,}'},
  {
    kind: 'gitlab-token',
    starts: [
      'glpat-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glptt-',
      'glft-',
      'glsoat-',
      'glagent-',
      'gloas-',
    ],
    body: '[A-Za-z0-9_.-]{20,}',
  },
  {kind: 'atlassian-token', starts: ['ATATT3', 'ATCTT3'], body: `${BASE64}{50,}`},
  {kind: 'atlassian-token', starts: ['ATBB'], body: `${ALNUM}{28,}`},
  {kind: 'npm-token', starts: ['npm_'], body: `${ALNUM}{36,}`},
  {kind: 'pypi-token', starts: ['pypi-'], body: `${WORD}{50,}`},
  {kind: 'rubygems-key', starts: ['rubygems_'], body: `${HEX}{48}`},
  {kind: 'nuget-key', starts: ['oy2'], body: '[a-z0-9]{43}'},
  {kind: 'docker-token', starts: ['dckr_pat_', 'dckr_oat_'], body: `${WORD}{20,}`},

  // Models.
  {kind: 'anthropic-key', starts: ['sk-ant-'], body: `${WORD}{20,}`},
  {kind: 'openrouter-key', starts: ['sk-or-'], body: `${WORD}{32,}`},
  {kind: 'openai-key', starts: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], body: `${WORD}{20,}`},
  // Legacy OpenAI, and those who took over its prefix.
  {kind: 'openai-key', starts: ['sk-'], body: `${WORD}{20,}`},
  {kind: 'huggingface-token', starts: ['hf_', 'api_org_'], body: `${ALNUM}{30,}`},
  {kind: 'groq-key', starts: ['gsk_'], body: `${ALNUM}{40,}`},
  {kind: 'xai-key', starts: ['xai-'], body: `${ALNUM}{40,}`},
  {kind: 'perplexity-key', starts: ['pplx-'], body: `${ALNUM}{40,}`},
  {kind: 'replicate-token', starts: ['r8_'], body: `${ALNUM}{30,}`},
  {kind: 'nvidia-key', starts: ['nvapi-'], body: `${WORD}{40,}`},
  {kind: 'tavily-key', starts: ['tvly-'], body: `${WORD}{20,}`},
  {kind: 'firecrawl-key', starts: ['fc-'], body: `${HEX}{32}`},
  {kind: 'langsmith-key', starts: ['lsv2_pt_', 'lsv2_sk_'], body: '[a-z0-9_]{32,}'},

  // Clouds and hosts.
  {kind: 'aws-access-key-id', starts: ['AKIA', 'ASIA', 'ABIA', 'ACCA'], body: '[A-Z0-9]{16}'},
  {kind: 'aws-bedrock-key', starts: ['ABSK'], body: `${BASE64}{100,}`},
  {
    kind: 'aws-session-token',
    starts: ['FwoGZXIvYXdz', 'FQoGZXIvYXdz', 'IQoJb3JpZ2lu'],
    body: `${BASE64}{80,}`,
  },
  {kind: 'google-api-key', starts: ['AIza'], body: `${WORD}{35}`},
  {kind: 'google-oauth-token', starts: ['ya29.'], body: `${WORD}{20,}`},
  {kind: 'google-oauth-secret', starts: ['GOCSPX-'], body: `${WORD}{28}`},
  {kind: 'alibaba-key-id', starts: ['LTAI'], body: `${ALNUM}{16,20}`},
  {kind: 'digitalocean-token', starts: ['dop_v1_', 'doo_v1_', 'dor_v1_'], body: `${HEX}{64}`},
  {kind: 'heroku-key', starts: ['HRKU-'], body: `${WORD}{36,}`},
  {kind: 'cloudflare-token', starts: ['cfut_', 'cfat_', 'cfk_'], body: `${ALNUM}{40,}`},
  {kind: 'fly-token', starts: ['fm2_', 'fm1r_', 'fm1a_'], body: `${BASE64}{60,}`},
  {kind: 'vercel-token', starts: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'], body: `${ALNUM}{20,}`},
  {kind: 'netlify-token', starts: ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'], body: `${ALNUM}{36,}`},
  {kind: 'render-key', starts: ['rnd_'], body: `${ALNUM}{28,}`},
  {kind: 'supabase-key', starts: ['sbp_'], body: `${HEX}{40}`},
  {kind: 'supabase-key', starts: ['sb_secret_'], body: `${WORD}{20,}`},
  {kind: 'neon-key', starts: ['napi_'], body: '[a-z0-9]{50,}'},
  {
    kind: 'planetscale-token',
    starts: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    body: '[A-Za-z0-9_.=-]{32,}',
  },
  {kind: 'databricks-token', starts: ['dapi'], body: `${HEX}{32}(?:-[0-9])?`},
  {kind: 'pulumi-token', starts: ['pul-'], body: `${HEX}{40}`},
  {kind: 'terraform-token', starts: ['atlasv1.'], body: `${WORD}{60,}`},
  {kind: 'vault-token', starts: ['hvs.', 'hvb.', 'hvr.'], body: `${WORD}{20,}`},
  {
    kind: 'doppler-token',
    starts: ['dp.pt.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    body: `${ALNUM}{40,}`,
  },
  {kind: 'tailscale-key', starts: ['tskey-'], body: `${WORD}{20,}`},
  {kind: '1password-token', starts: ['ops_eyJ'], body: `${BASE64}{100,}`},
  {kind: 'age-key', starts: ['AGE-SECRET-KEY-1'], body: '[A-Z0-9]{58}'},

  // A private key in PEM, in base64 once more, as Kubernetes keeps it.
  {
    kind: 'private-key',
    starts: [
      'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t',
      'LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt',
      'LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0t',
      'LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUg',
    ],
    body: `${BASE64}{60,}`,
  },

  // Messages, money, tools.
  {
    kind: 'slack-token',
    starts: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxo-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxe-', 'xapp-'],
    body: `${WORD}{16,}`,
  },
  {kind: 'slack-token', starts: ['xoxd-'], body: '[A-Za-z0-9%+/=_-]{20,}'},
  {kind: 'stripe-key', starts: ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_'], body: `${ALNUM}{16,}`},
  {kind: 'stripe-webhook-secret', starts: ['whsec_'], body: `${BASE64}{24,}`},
  {kind: 'elevenlabs-key', starts: ['sk_'], body: `${HEX}{48}`},
  {kind: 'square-token', starts: ['sq0atp-', 'sq0csp-'], body: `${WORD}{22,}`},
  {kind: 'shopify-token', starts: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], body: `${ALNUM}{32,}`},
  {kind: 'sendgrid-key', starts: ['SG.'], body: `${WORD}{16,}\\.${WORD}{16,}`},
  {kind: 'brevo-key', starts: ['xkeysib-'], body: `${HEX}{64}-${ALNUM}{16}`},
  {kind: 'mailgun-key', starts: ['key-'], body: `${HEX}{32}`},
  {kind: 'twilio-key', starts: ['SK'], body: `${HEX}{32}`},
  {kind: 'linear-key', starts: ['lin_api_', 'lin_oauth_'], body: `${ALNUM}{32,}`},
  {kind: 'notion-token', starts: ['ntn_', 'secret_'], body: `${ALNUM}{40,}`},
  {kind: 'airtable-token', starts: ['pat'], body: `${ALNUM}{14}\\.${HEX}{64}`},
  {kind: 'figma-token', starts: ['figd_'], body: `${WORD}{36,}`},
  {kind: 'postman-key', starts: ['PMAK-'], body: `${HEX}{24}-${HEX}{34}`},
  {kind: 'grafana-token', starts: ['glsa_'], body: `${ALNUM}{32}_[0-9A-Fa-f]{8}`},
  {kind: 'grafana-token', starts: ['glc_'], body: `${BASE64}{32,}`},
  {kind: 'sentry-token', starts: ['sntrys_'], body: `${BASE64}{40,}`},
  {kind: 'sentry-token', starts: ['sntryu_'], body: `${HEX}{64}`},
  {kind: 'newrelic-key', starts: ['NRAK-'], body: '[A-Z0-9]{27}'},
  {kind: 'posthog-key', starts: ['phx_'], body: `${ALNUM}{40,}`},

  // Whoever holds it is let in, whoever gave it out: Turso, Supabase, Auth0 and most others.
  {kind: 'jwt', starts: ['eyJ'], body: `${WORD}{10,}\\.${WORD}{8,}\\.${WORD}{16,}(?:\\.${WORD}+){0,2}`},
]
