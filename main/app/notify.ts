import { Notification } from 'electron'
import type { Notice } from './endNotices.ts'

/** Notifications that wait for a click: what nobody refers to is collected, and its click lost. */
const shown = new Set<Notification>()

/** A notification of the system, where it has any. */
export function notify({ title, body }: Notice, clicked: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  shown.add(notification)
  const forget = () => void shown.delete(notification)
  notification.on('click', () => {
    forget()
    clicked()
  })
  notification.on('close', forget)
  notification.show()
}
