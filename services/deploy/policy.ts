/** One sentence of an IAM policy. */
export interface Statement {
  readonly effect?: 'Allow' | 'Deny'
  /** Absent in the policies of a role. */
  readonly principal?: { readonly Service: string } | { readonly AWS: $util.Input<string> } | '*'
  readonly actions: readonly string[]
  readonly resources: readonly $util.Input<string>[]
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, $util.Input<string>>>>>
}

/** A policy as IAM reads it. */
export const policyOf = (statements: readonly Statement[]) =>
  $jsonStringify({
    Version: '2012-10-17',
    Statement: statements.map(({ effect = 'Allow', principal, actions, resources, conditions }) => ({
      Effect: effect,
      ...(principal === undefined ? {} : { Principal: principal }),
      Action: [...actions],
      Resource: [...resources],
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  })

/** Nobody reaches a resource over a connection that others can read. */
export const overTlsOnly = (action: string, resources: readonly $util.Input<string>[]): Statement => ({
  effect: 'Deny',
  principal: '*',
  actions: [action],
  resources,
  conditions: { Bool: { 'aws:SecureTransport': 'false' } },
})
