/**
 * @generated SignedSource<<b5ef81e80a1d53ac225129d7978736cd>>
 * @lightSyntaxTransform
 */

/* eslint-disable */

'use strict';

var node = (function(){
var v0 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "FlowEvent",
    "kind": "LinkedField",
    "name": "flowUpdates",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "sequence",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "type",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "estateFlowLifeSubscription",
    "selections": (v0/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "estateFlowLifeSubscription",
    "selections": (v0/*:: as any*/)
  },
  "params": {
    "cacheID": "c23276e0503c0095bce25051eeff3734",
    "id": null,
    "metadata": {},
    "name": "estateFlowLifeSubscription",
    "operationKind": "subscription",
    "text": "subscription estateFlowLifeSubscription {\n  flowUpdates {\n    sequence\n    type\n    cursor\n  }\n}\n"
  }
};
})();

node.hash = "01ea4de48a3a1c49d91828524d3618c3";

export default node;
