import type { Deadline, RequestContext } from '@tributary/kernel';

/** In which workspace, and until when, work on the database happens. */
export interface TenantScope {
  /** Bare uuid. */
  readonly workspaceId: string;
  /** Without one, only the statement timeout holds. */
  readonly deadline?: Deadline;
  /** What is read for it in one turn of the event loop is read together. Without one, every read goes by itself. */
  readonly operation?: object;
}

/** The scope of a request. The workspace comes from the principal and from nowhere else. */
export function scopeOf(context: RequestContext): TenantScope {
  return {
    workspaceId: context.principal.workspaceId,
    deadline: context.deadline,
    operation: context.operation ?? context,
  };
}
