/** @file The least rights that are enough on OneDev, in the words of OneDev's own pages, with the values to fill in. */
import { Disclosure } from '../../ui/disclosure.tsx';

interface LeastRightsProps {
  readonly root: string;
}

export function LeastRights({ root }: LeastRightsProps) {
  const name = root.trim() === '' ? 'github' : root.trim();
  return (
    <Disclosure summary="The least rights that are enough">
      <p>A token of an administrator works, but may do far more than mirroring takes. On OneDev:</p>
      <ol className="numbered">
        <li>
          Make one project for all mirrors, <b>{name}</b>.
        </li>
        <li>
          Administration, Role Management: add the role <b>epicstar mirror</b> with <b>Project Management</b> on. It
          includes <b>Create Child Projects</b> and writing code, so all else can stay as it is.
        </li>
        <li>
          Your account, Access Tokens: add a token with <b>Has Owner Permissions</b> off. Under{' '}
          <b>Authorized Projects</b> choose project <b>{name}</b> with role <b>epicstar mirror</b>, and nothing else.
        </li>
        <li>Copy the token into the field above.</li>
      </ol>
      <p className="field-hint">
        The token can then make, change and remove projects below {name}, and reaches nothing else.
      </p>
    </Disclosure>
  );
}
