import { describe, expect, test } from 'vitest'
import { Payments } from './payment.ts'
import { COURSE, LEARNER, PRICE } from '#domain/payment/fixtures.ts'
import { PurchaseRef } from '#domain/payment/values.ts'

describe('the patterns of payment', () => {
  test('are the shared ones', () => {
    expect(Payments.events.map(({ type }) => type)).toEqual([
      'payment.initiated',
      'payment.completed',
      'payment.failed',
      'payment.refund_processed',
      'payment.refund_failed',
      'payment.dispute_opened',
      'payment.dispute_closed',
      'payment.payout_sent',
    ])
    expect(Payments.messages.map(({ type }) => type)).toEqual([
      'payment.process',
      'payment.cancel',
      'payment.refund',
      'payment.get_status',
      'payment.verify',
      'payment.erase_user',
      'payment.export_user',
      'payment.create_intent',
      'payment.cancel_intent',
      'payment.create_refund',
      'payment.sync_intent',
      'payment.sync_refund',
      'payment.sync_dispute',
      'payment.schedule_payouts',
      'payment.send_payout',
      'payment.sync_payout',
      'payment.reconcile',
    ])
  })

  test('keep the commands that talk to the provider to the service itself', () => {
    const own = Payments.messages.filter(({ audience }) => audience === 'self')
    expect(own).toEqual([
      Payments.CreateIntent,
      Payments.CancelIntent,
      Payments.CreateRefund,
      Payments.SyncIntent,
      Payments.SyncRefund,
      Payments.SyncDispute,
      Payments.SchedulePayouts,
      Payments.SendPayout,
      Payments.SyncPayout,
      Payments.Reconcile,
    ])
  })

  test('bind a kind of purchase to its kind of id', () => {
    const booking = 'bkg_01950000-0000-7000-8000-000000000001'
    expect(PurchaseRef.safeParse({ kind: 'lesson', refId: booking }).success).toBe(true)
    expect(PurchaseRef.safeParse({ kind: 'course', refId: booking }).success).toBe(false)
  })

  test('take no negative amount', () => {
    const asked = { purchase: COURSE, payerId: LEARNER, money: PRICE }
    expect(Payments.ProcessPayment.input.safeParse(asked).success).toBe(true)
    const negative = { ...asked, money: { ...PRICE, amount: -1 } }
    expect(Payments.ProcessPayment.input.safeParse(negative).success).toBe(false)
  })
})
