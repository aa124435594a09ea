/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app: async ({ stage }) => {
    const { APP_NAME, REGION, isPermanent } = await import('./services/deploy/settings.ts')
    return {
      name: APP_NAME,
      home: 'aws',
      removal: isPermanent(stage) ? 'retain' : 'remove',
      protect: isPermanent(stage),
      providers: { aws: { version: '7.20.0', region: REGION }, cloudflare: '6.15.0', '@upstash/pulumi': '0.5.0' },
    }
  },
  run: async () => {
    const { deploy } = await import('./services/deploy/deploy.ts')
    return deploy()
  },
})
