type HttpApi = Pick<InstanceType<typeof aws.apigatewayv2.Api>, 'id' | 'executionArn'>
type Callable = Pick<InstanceType<typeof sst.aws.Function>, 'arn'>

/** Lets an API call a function, once for all of its routes: a function's policy has no room for a line per route. */
export const integrateFunction = (name: string, api: HttpApi, { arn }: Callable) => {
  new aws.lambda.Permission(name, {
    action: 'lambda:InvokeFunction',
    function: arn,
    principal: 'apigateway.amazonaws.com',
    sourceArn: $interpolate`${api.executionArn}/*`,
  })
  return new aws.apigatewayv2.Integration(name, {
    apiId: api.id,
    integrationType: 'AWS_PROXY',
    integrationUri: arn,
    payloadFormatVersion: '2.0',
  })
}
