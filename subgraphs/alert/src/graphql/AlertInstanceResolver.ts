import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { Alerts } from '../domain/Alerts.js';
import { Alert, toAlert } from './Alert.js';
import { AlertInstance } from './AlertInstance.js';

@Resolver(() => AlertInstance)
export class AlertInstanceResolver {
  constructor(private readonly alerts: Alerts) {}

  @FieldResolver(() => Alert, {
    nullable: true,
    description: 'Its open alert, else the last one. Null when there was none.',
  })
  @Allow('alert.read')
  async alert(@Root() { row }: AlertInstance, @Ctx() context: GraphqlContext): Promise<Alert | null> {
    const alert = row.lastAlertId === null ? null : await this.alerts.load(context, row.lastAlertId);
    return alert && toAlert(alert);
  }
}
