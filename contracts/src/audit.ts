/**
 * The closed register of what the audit trail records, each `<what>.<verb>`. The names stand in trails that are chained and signed:
 * one may be added, none is ever renamed or removed.
 */
export const auditActions = {
  'workspace.create': 'A workspace was made.',
  'workspace.update': 'The name or the settings of a workspace were changed.',
  'workspace.suspend': 'A workspace was shut by whoever runs the installation.',
  'workspace.reactivate': 'A suspended workspace was opened again.',

  'member.invite': 'A person was invited.',
  'member.revokeInvitation': 'An open invitation was taken back.',
  'member.join': 'An invited person became a member.',
  'member.setRole': 'A member got another role.',
  'member.remove': 'A member was taken out of the workspace.',

  'session.open': 'A person signed in.',
  'session.end':
    'A session was ended: by signing out, by switching to another workspace, by its person, with a new password, or because its token was stolen.',
  'session.refuse': 'A sign-in was refused.',

  'account.changePassword': 'A person changed their password.',
  'account.updateProfile': 'A person changed what they are called in the workspace.',
  'account.resetLink': 'A one-time link for a new password was made for a person.',
  'account.resetPassword': 'A person set a new password with such a link.',

  'apiKey.create': 'A key was made.',
  'apiKey.roll': 'A key got another secret.',
  'apiKey.revoke': 'A key was revoked.',

  'flow.start': 'A discovery was started.',
  'flow.create': 'A flow of an outside runner was made.',
  'flow.report': 'An outside runner reported on its flow.',
  'flow.approve': 'Field mappings were approved or rejected.',
  'flow.pause': 'A flow was paused.',
  'flow.resume': 'A paused flow went on.',
  'flow.cancel': 'A flow was cancelled.',
  'flow.retry': 'A failed flow was started again.',
  'flow.finish': 'All phases of a flow are done.',
  'flow.fail': 'A flow failed.',
  'upload.create': 'A source file was stored.',

  'sourceDefinition.create': 'A definition of a source was made.',
  'sourceDefinition.update': 'A definition of a source was changed.',
  'sourceDefinition.delete': 'A definition of a source was deleted.',

  'credential.remove':
    'Credentials that were stored before imports left them out were removed: how many, and from how many rows.',

  'asset.update': 'Fields of an asset were changed by a person or a key.',
  'asset.retire': 'An asset was retired: by a person, by a key, or after complete imports that no longer showed it.',
  'asset.restore': 'An asset that was retired because no import showed it was shown again.',

  'trace.ingest': 'A batch of traces was stored.',
  'metrics.rebuild': 'Figures of days were made anew from their traces by whoever runs the installation.',
  'price.update': 'The price of a model was set.',

  'alert.fire': 'An alert was raised.',
  'alert.acknowledge': 'An alert was taken up by somebody.',
  'alert.resolve': 'An alert ended, by itself or by a person.',
  'alert.reopen': 'An alert that had ended by itself fired again soon.',
  'alert.escalate': 'An open alert became graver, with its rule.',
  'alert.correct': 'Late data showed that an alert never was, or was at another time.',
  'alert.unacknowledge': 'An alert was given back, by somebody or because the time was over.',
  'alert.assign': 'An alert was given to somebody, or to nobody.',
  'alert.comment': 'Something was said about an alert.',
  'alertSilence.create': 'A silence or a maintenance window was made.',
  'alertSilence.update': 'A silence or a maintenance window was changed.',
  'alertSilence.end': 'A silence or a maintenance window was ended before its time.',
  'alertRoute.set': 'The routes of alerts were set.',
  'alertRule.create': 'An alert rule was made.',
  'alertRule.update': 'An alert rule was changed.',
  'alertRule.delete': 'An alert rule was deleted.',

  'webhook.create': 'A webhook was made.',
  'webhook.update': 'A webhook was changed.',
  'webhook.delete': 'A webhook was deleted.',
  'webhook.activate': 'The receiver of a webhook answered a test, and events are sent to it.',
  'webhook.test': 'A test was sent to the receiver of a webhook.',
  'webhook.pause': 'A webhook was paused: by a person, or because its owner may receive nothing any more.',
  'webhook.resume': 'A webhook goes on.',
  'webhook.disable': 'A webhook was given up: its receiver is gone, or failed for too long.',
  'webhook.rollSecret': 'A webhook got another secret.',
  'webhook.replay': 'Events of a webhook are sent again.',
  'webhook.discard': 'Events that could not be delivered were given up.',

  'channel.create': 'A channel was made.',
  'channel.update': 'A channel was changed.',
  'channel.delete': 'A channel was deleted.',
  'channel.test': 'A test was sent by a channel.',
  'channel.disable': 'A channel was given up: it took nothing for too long.',
} as const satisfies Record<`${string}.${string}`, string>;

export type AuditAction = keyof typeof auditActions;

/** Every action of the register, in its order. */
export const auditActionNames = Object.keys(auditActions) as readonly AuditAction[];
