import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { CertificateId, CourseId, EnrollmentId, UserId } from '../kernel/ids.ts'
import { CertificateIssued, CertificateRevoked } from './events.ts'
import type { VerifyCode } from './verify-code.ts'

export const RevocationReason = z.enum(['issued_in_error', 'misconduct', 'erased'])
export type RevocationReason = z.infer<typeof RevocationReason>

/** What stands on it, as of its day. */
export interface CertificateFacts {
  readonly id: CertificateId
  readonly enrollmentId: EnrollmentId
  readonly courseId: CourseId
  readonly studentId: UserId
  readonly verifyCode: VerifyCode
  readonly learnerName: string
  readonly courseTitle: string
  readonly issuedAt: Instant
}

export interface IssuedCertificate extends CertificateFacts {
  readonly status: 'ISSUED'
}

export interface RevokedCertificate extends CertificateFacts {
  readonly status: 'REVOKED'
  readonly revokedAt: Instant
  readonly reason: RevocationReason
}

export type CertificateState = IssuedCertificate | RevokedCertificate

const namesOf = ({ id, enrollmentId, verifyCode }: CertificateFacts) => ({
  certificateId: id,
  enrollmentId,
  verifyCode,
})

/** That somebody has completed a course, for anybody to verify. One for each enrollment. */
export class Certificate extends AggregateRoot<CertificateState> {
  static issue(facts: CertificateFacts): Certificate {
    const certificate = new Certificate({ ...facts, status: 'ISSUED' }, 0)
    certificate.apply(CertificateIssued, namesOf(facts))
    return certificate
  }

  static restore(state: CertificateState, version: number): Certificate {
    return new Certificate(state, version)
  }

  /** Final; again changes nothing. Returns the revocation that stands. */
  revoke(reason: RevocationReason, at: Instant): RevokedCertificate {
    const { state } = this
    if (state.status === 'REVOKED') return state
    const revoked: RevokedCertificate = { ...state, status: 'REVOKED', revokedAt: at, reason }
    this.become(revoked)
    this.apply(CertificateRevoked, namesOf(state))
    return revoked
  }

  /** Takes the name off it; nobody can be verified by it any more. */
  erase(at: Instant): void {
    this.become({ ...this.revoke('erased', at), learnerName: '' })
  }
}
