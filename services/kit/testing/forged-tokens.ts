import { constants, createPrivateKey, sign } from 'node:crypto'
import {
  attackerKeys,
  type Fields,
  flipBit,
  hmacBy,
  publicForms,
  respell,
  segment,
  signedBy,
  takeApart,
  withoutField,
} from './token-forge.ts'

export interface ForgedToken {
  /** What is wrong with it, as the name of a test. */
  readonly name: string
  /** Every one of them can be sent in a header. */
  readonly token: string
}

export interface ForgeryParts {
  /** An access token that is accepted. */
  readonly genuine: string
  /** The issuer's private key, for tokens that are signed well and say something wrong. */
  readonly privateKeyPem: string
}

type Corpus = Readonly<Record<string, string>>
type Anatomy = ReturnType<typeof takeApart>

const wrongAlgorithms = ({ header, claims, segments }: Anatomy, privateKeyPem: string): Corpus => {
  const key = createPrivateKey(privateKeyPem)
  const { spki, pkcs1, der, jwk } = publicForms(key)
  const unsigned = (alg: string) => `${segment({ ...header, alg })}.${segments.payload}.`
  const alg = (name: string): Fields => ({ ...header, alg: name })
  return {
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg NONE': unsigned('NONE'),
    'alg nOnE': unsigned('nOnE'),
    'alg none with the genuine signature': `${unsigned('none')}${segments.signature}`,
    'no alg': signedBy(key)(withoutField(header, 'alg'), claims),
    'alg as an array': signedBy(key)({ ...header, alg: ['RS256'] }, claims),
    'HS256 by the public key (SPKI)': hmacBy(spki)(alg('HS256'), claims),
    'HS256 by the public key (PKCS #1)': hmacBy(pkcs1)(alg('HS256'), claims),
    'HS256 by the public key (DER)': hmacBy(der)(alg('HS256'), claims),
    'HS256 by the public key (JWK)': hmacBy(jwk)(alg('HS256'), claims),
    'HS256 by an empty secret': hmacBy('')(alg('HS256'), claims),
    'HS512 by the public key': hmacBy(spki, 'sha512')(alg('HS512'), claims),
    'HS256 in truth, RS256 in the header': hmacBy(spki)(header, claims),
    'RS384 by the genuine key': signedBy(key, 'RSA-SHA384')(alg('RS384'), claims),
    'RS512 by the genuine key': signedBy(key, 'RSA-SHA512')(alg('RS512'), claims),
    'PS256 by the genuine key': signedBy(key, 'RSA-SHA256', constants.RSA_PKCS1_PSS_PADDING)(alg('PS256'), claims),
  }
}

const wrongKeys = ({ header, claims }: Anatomy): Corpus => {
  const { rsa, ec, jwk } = attackerKeys()
  const by = (extra: Fields) => signedBy(rsa)({ ...header, ...extra }, claims)
  const kid = (text: unknown) => by({ kid: text })
  const es256 = `${segment({ ...header, alg: 'ES256' })}.${segment(claims)}`
  const esSignature = sign('sha256', Buffer.from(es256), { key: ec, dsaEncoding: 'ieee-p1363' })
  return {
    "an attacker's key under the genuine kid": by({}),
    "an attacker's key under its own kid": kid('attacker'),
    "an attacker's elliptic key": `${es256}.${esSignature.toString('base64url')}`,
    'kid as a path to an empty file': hmacBy('')({ ...header, alg: 'HS256', kid: '../../../../dev/null' }, claims),
    'kid as a path': kid('/etc/ssl/certs/ca-certificates.crt'),
    'kid as SQL': hmacBy('x')({ ...header, alg: 'HS256', kid: "' union select 'x' -- " }, claims),
    'kid as a shell command': kid('key.pem; id'),
    'kid as a URL': kid('https://attacker.example/key.pem'),
    'kid __proto__': kid('__proto__'),
    'kid constructor': kid('constructor'),
    'kid as an array': kid([header.kid]),
    'kid empty': kid(''),
    'no kid': signedBy(rsa)(withoutField(header, 'kid'), claims),
    'jku to a foreign key set': by({ jku: 'https://attacker.example/jwks.json' }),
    'x5u to a foreign certificate': by({ x5u: 'https://attacker.example/cert.pem' }),
    'the key embedded as jwk': by({ jwk }),
    'the key embedded as x5c': by({ x5c: ['MIIC'] }),
  }
}

const wrongHeaders = ({ header, claims }: Anatomy, privateKeyPem: string): Corpus => {
  const genuine = signedBy(createPrivateKey(privateKeyPem))
  const headed = (extra: Fields) => genuine({ ...header, ...extra }, claims)
  const twice = `{"alg":"none",${JSON.stringify(header).slice(1)}`
  return {
    'typ of an ID token': headed({ typ: 'JWT' }),
    'typ of a logout token': headed({ typ: 'logout+jwt' }),
    'no typ': genuine(withoutField(header, 'typ'), claims),
    'a critical extension': headed({ crit: ['exp'] }),
    'an unencoded payload': headed({ b64: false, crit: ['b64'] }),
    'a compressed payload': headed({ zip: 'DEF' }),
    'jku beside the genuine key': headed({ jku: 'https://attacker.example/jwks.json' }),
    'alg twice': genuine(twice, claims),
  }
}

const wrongClaims = ({ header, claims, issuedAt }: Anatomy, privateKeyPem: string): Corpus => {
  const genuine = signedBy(createPrivateKey(privateKeyPem))
  const claiming = (extra: Fields) => genuine(header, { ...claims, ...extra })
  const without = (name: string) => genuine(header, withoutField(claims, name))
  const DAY = 86_400
  return {
    'a foreign issuer': claiming({ iss: 'https://attacker.example' }),
    'the issuer with a slash more': claiming({ iss: `${claims.iss}/` }),
    'the issuer in a list': claiming({ iss: [claims.iss] }),
    'no issuer': without('iss'),
    'a foreign audience': claiming({ aud: 'another-platform' }),
    'a foreign audience in a list': claiming({ aud: ['another-platform'] }),
    'no audience': without('aud'),
    'an ID token': claiming({ token_use: 'id' }),
    'a refresh token': claiming({ token_use: 'refresh' }),
    expired: claiming({ iat: issuedAt - 2 * DAY, exp: issuedAt - DAY }),
    'expired since this moment': claiming({ iat: issuedAt - 900, exp: issuedAt }),
    'no expiry': without('exp'),
    'expiry as text': claiming({ exp: String(claims.exp) }),
    'expiry as a number that JSON rounds to infinity': genuine(
      header,
      JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'),
    ),
    'expiry in ten years': claiming({ exp: issuedAt + 3650 * DAY }),
    'not good before tomorrow': claiming({ nbf: issuedAt + DAY }),
    'issued tomorrow': claiming({ iat: issuedAt + DAY, exp: issuedAt + DAY + 900 }),
    'no time of issue': without('iat'),
    'no subject': without('sub'),
    'a subject that is no user': claiming({ sub: `adm_${String(claims.sub).slice(4)}` }),
    'a subject with more behind it': claiming({ sub: `${claims.sub}' or '1'='1` }),
    'no session': without('sid'),
    'session null': claiming({ sid: null }),
    'an unknown role': claiming({ roles: ['root'] }),
    'roles as text': claiming({ roles: 'admin' }),
    'no roles': without('roles'),
    'roles twice': genuine(header, `{"roles":["admin"],${JSON.stringify(claims).slice(1)}`),
    'subject twice': genuine(header, `${JSON.stringify(claims).slice(0, -1)},"sub":${JSON.stringify(claims.sub)}}`),
    'claims as a list': genuine(header, JSON.stringify([claims])),
    'claims null': genuine(header, 'null'),
    'claims that are no JSON': genuine(header, 'sub=admin'),
    'more than 4 KB': claiming({ padding: 'x'.repeat(4000) }),
  }
}

const tampering = ({ claims, segments, bytes }: Anatomy, genuine: string): Corpus => {
  const { header, payload, signature } = segments
  const at = (position: number) => `${header}.${payload}.${flipBit(bytes, position)}`
  return {
    'made an administrator after signing': `${header}.${segment({ ...claims, roles: ['admin'] })}.${signature}`,
    'a bit of the header turned': `${flipBit(Buffer.from(header, 'base64url'), 3)}.${payload}.${signature}`,
    'a bit of the claims turned': `${header}.${flipBit(Buffer.from(payload, 'base64url'), 20)}.${signature}`,
    'the first bit of the signature turned': at(0),
    'a bit in the middle of the signature turned': at(bytes.length >> 1),
    'the last bit of the signature turned': at(bytes.length - 1),
    'the signature in another spelling': `${header}.${payload}.${respell(signature)}`,
    'the signature padded': `${genuine}==`,
    'the signature cut short': genuine.slice(0, -8),
    'the signature with a byte more': `${header}.${payload}.${Buffer.concat([bytes, Buffer.of(0)]).toString('base64url')}`,
    'a signature of zeros': `${header}.${payload}.${Buffer.alloc(bytes.length).toString('base64url')}`,
    'no signature': `${header}.${payload}.`,
    'two segments': `${header}.${payload}`,
    'one segment': header,
    'four segments': `${genuine}.${signature}`,
    'five segments, as an encrypted token has': `${header}.${payload}.${signature}.${payload}.${signature}`,
    'an empty header': `.${payload}.${signature}`,
    'a space inside': `${header}. ${payload}.${signature}`,
    'a tab inside': `${header}.${payload}\t.${signature}`,
    'a space in front': ` ${genuine}`,
    'two tokens': `${genuine},${genuine}`,
    'dots alone': '..',
    null: 'null',
    undefined: 'undefined',
  }
}

/**
 * About a hundred tokens that nothing may accept, each wrong in one way; made from a genuine one while that is still
 * good, because some say when they expire.
 */
export const forgeTokens = ({ genuine, privateKeyPem }: ForgeryParts): readonly ForgedToken[] => {
  const anatomy = takeApart(genuine)
  const corpus: Corpus = {
    ...wrongAlgorithms(anatomy, privateKeyPem),
    ...wrongKeys(anatomy),
    ...wrongHeaders(anatomy, privateKeyPem),
    ...wrongClaims(anatomy, privateKeyPem),
    ...tampering(anatomy, genuine),
  }
  return Object.entries(corpus).map(([name, token]) => ({ name, token }))
}
