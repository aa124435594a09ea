/** A name as SST takes it, of letters and digits: `UserServiceKey` for `user` and `service-key`. */
export const logicalName = (service: string, part: string): string =>
  `${service}-${part}`.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
