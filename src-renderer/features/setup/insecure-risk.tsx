/** @file The risk of plain http, and the box by which a person accepts it for one address. */
import { Callout } from '../../ui/callout.tsx';
import { CheckField } from '../../ui/fields.tsx';

interface InsecureRiskProps {
  readonly address: string;
  readonly isAccepted: boolean;
  readonly problem: string | null;
  readonly onAccept: (isAccepted: boolean) => void;
}

export function InsecureRisk({ address, isAccepted, problem, onAccept }: InsecureRiskProps) {
  return (
    <Callout kind="warning" title="This address is not encrypted">
      <p>
        The token and the code go to <bdi>{new URL(address).host}</bdi> readable for everybody on the way. Better give
        OneDev an address with https.
      </p>
      <CheckField
        label="I know the risk: use plain http to this server"
        isChecked={isAccepted}
        onChange={onAccept}
        problem={problem}
      />
    </Callout>
  );
}
