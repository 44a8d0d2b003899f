import { CodedError } from '@tributary/contracts/errors';

const longestComment = 2_000;

/** What is said, or null for nothing. Throws INVALID_INPUT for what is too long, or blank: that says nothing and would hide what was said before. */
export function checkedComment(comment: string | null | undefined): string | null {
  if (comment === null || comment === undefined) return null;
  if (comment.trim() === '') {
    throw new CodedError('INVALID_INPUT', 'A comment says something. Leave it out to say nothing.', {
      field: 'comment',
    });
  }
  if (comment.length > longestComment || comment.includes('\0')) {
    throw new CodedError('INVALID_INPUT', 'A comment has 2,000 characters at most, none of them NUL.', {
      field: 'comment',
    });
  }
  return comment;
}
