/* eslint-disable */
import * as types from './graphql.ts'
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core'

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
  '\n  fragment LatencyFields on LatencySummary {\n    n\n    p50\n    p90\n    p99\n  }\n': typeof types.LatencyFieldsFragmentDoc
  '\n  query TechnicalHealth($range: TimeRange!) {\n    technicalHealth(range: $range) {\n      runs\n      succeeded\n      failed\n      active\n      errorRate\n      retries\n      inputTokens\n      outputTokens\n      bucketSize\n      runLatency {\n        ...LatencyFields\n      }\n      machineLatency {\n        ...LatencyFields\n      }\n      queueWait {\n        ...LatencyFields\n      }\n      nodes {\n        node\n        executions\n        failures\n        retries\n        latency {\n          ...LatencyFields\n        }\n      }\n      failures {\n        code\n        count\n        rate\n      }\n      cost {\n        amount\n        currency\n      }\n      costPerRun {\n        amount\n        currency\n      }\n      throughput {\n        at\n        started\n        succeeded\n        failed\n      }\n    }\n  }\n': typeof types.TechnicalHealthDocument
  '\n  fragment ReviewRow on Review {\n    id\n    question\n    status\n    confidence\n    openedAt\n    dueAt\n    proposal\n    run {\n      id\n      caseId\n      input\n      workflow {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n    decision {\n      action\n      comment\n      value\n      decidedAt\n      decidedBy {\n        __typename\n        ... on User {\n          id\n          displayName\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n': typeof types.ReviewRowFragmentDoc
  '\n  query Reviews($filter: ReviewFilter, $first: Int, $after: String) {\n    reviews(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        ...ReviewRow\n      }\n    }\n  }\n': typeof types.ReviewsDocument
  '\n  subscription ReviewsChanged($filter: ReviewFilter, $after: String) {\n    reviewsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      review {\n        ...ReviewRow\n      }\n    }\n  }\n': typeof types.ReviewsChangedDocument
  '\n  query Review($id: ID!) {\n    review(id: $id) {\n      ...ReviewRow\n      node\n      checkpointId\n      allowedActions\n      responseSchema\n      evidence {\n        documentId\n        title\n        text\n        score\n        label\n      }\n    }\n  }\n': typeof types.ReviewDocument
  '\n  mutation DecideReview($input: DecideReviewInput!) {\n    decideReview(input: $input) {\n      review {\n        id\n        status\n      }\n      run {\n        id\n        status\n      }\n    }\n  }\n': typeof types.DecideReviewDocument
  '\n  fragment RunRow on Run {\n    id\n    caseId\n    status\n    trigger\n    input\n    output\n    queuedAt\n    finishedAt\n    durationMs\n    lastSeq\n    failure {\n      code\n      reason\n    }\n    workflow {\n      id\n      slug\n      name\n    }\n    organization {\n      id\n      name\n    }\n    cost {\n      asOfSeq\n      total {\n        amount\n        currency\n      }\n    }\n  }\n': typeof types.RunRowFragmentDoc
  '\n  query Runs($filter: RunFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    runs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        ...RunRow\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n': typeof types.RunsDocument
  '\n  subscription RunsChanged($filter: RunFilter, $after: String) {\n    runsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      run {\n        ...RunRow\n      }\n    }\n  }\n': typeof types.RunsChangedDocument
  '\n  query WorkflowChoices {\n    workflows(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        description\n        currentVersion {\n          id\n          number\n          inputSchema\n        }\n      }\n    }\n  }\n': typeof types.WorkflowChoicesDocument
  '\n  mutation StartRun($input: StartRunInput!) {\n    startRun(input: $input) {\n      created\n      run {\n        id\n      }\n    }\n  }\n': typeof types.StartRunDocument
  '\n  fragment FailureFields on RunFailure {\n    code\n    reason\n    node\n    attempt\n    retryable\n    consequence\n  }\n': typeof types.FailureFieldsFragmentDoc
  '\n  fragment ActorFields on Actor {\n    __typename\n    ... on User {\n      id\n      displayName\n    }\n    ... on ServiceClient {\n      id\n      name\n    }\n    ... on SystemActor {\n      id\n      name\n    }\n  }\n': typeof types.ActorFieldsFragmentDoc
  '\n  fragment LiveRun on Run {\n    id\n    status\n    lastSeq\n    startedAt\n    finishedAt\n    durationMs\n    cost {\n      asOfSeq\n      tokens\n      total {\n        amount\n        currency\n      }\n    }\n  }\n': typeof types.LiveRunFragmentDoc
  '\n  fragment TransitionFields on RunTransition {\n    seq\n    at\n    kind\n    status\n    node\n    agent\n    attempt\n    summary\n    durationMs\n    stateDiff\n    failure {\n      ...FailureFields\n    }\n    usage {\n      model\n      inputTokens\n      outputTokens\n    }\n    actor {\n      ...ActorFields\n    }\n  }\n': typeof types.TransitionFieldsFragmentDoc
  '\n  query Run($id: ID!) {\n    run(id: $id) {\n      ...LiveRun\n      caseId\n      trigger\n      input\n      output\n      tags\n      traceId\n      queuedAt\n      workflow {\n        id\n        name\n      }\n      version {\n        id\n        number\n      }\n      organization {\n        id\n        name\n      }\n      startedBy {\n        ...ActorFields\n      }\n      failure {\n        ...FailureFields\n      }\n      graph {\n        nodes {\n          name\n          kind\n          agent\n          description\n          state\n          visits\n          attempts\n          durationMs\n        }\n        edges {\n          from\n          to\n          condition\n          taken\n        }\n      }\n      steps {\n        node\n        agent\n        attempts {\n          attempt\n          state\n          startedAt\n          durationMs\n          failure {\n            ...FailureFields\n          }\n        }\n        evidence {\n          documentId\n          title\n          text\n          score\n          label\n        }\n      }\n      state\n      reviews {\n        id\n        node\n        question\n        status\n        confidence\n        openedAt\n        dueAt\n        decision {\n          action\n          value\n          comment\n          decidedAt\n          decidedBy {\n            ...ActorFields\n          }\n        }\n      }\n      annotations(first: 100) {\n        nodes {\n          id\n          body\n          createdAt\n          author {\n            ...ActorFields\n          }\n        }\n      }\n      artifacts {\n        nodes {\n          id\n          name\n          mediaType\n          bytes\n          url\n          createdAt\n        }\n      }\n      effectiveness {\n        kpi\n        before {\n          median\n          p90\n          n\n          source\n          window\n        }\n        after\n        rolling\n        rollingN\n        change\n        percentile\n        frozenAt\n      }\n    }\n  }\n': typeof types.RunDocument
  '\n  query RunHistory($id: ID!) {\n    run(id: $id) {\n      id\n      transitions(first: 200) {\n        nodes {\n          ...TransitionFields\n        }\n      }\n    }\n  }\n': typeof types.RunHistoryDocument
  '\n  subscription RunTransitions($runId: ID!, $after: Int) {\n    runTransitions(runId: $runId, after: $after) {\n      ...TransitionFields\n      run {\n        ...LiveRun\n      }\n    }\n  }\n': typeof types.RunTransitionsDocument
  '\n  mutation CancelRun($input: CancelRunInput!) {\n    cancelRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n': typeof types.CancelRunDocument
  '\n  mutation RetryRun($input: RetryRunInput!) {\n    retryRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n': typeof types.RetryRunDocument
  '\n  mutation AnnotateRun($input: AnnotateRunInput!) {\n    annotateRun(input: $input) {\n      annotation {\n        id\n        body\n      }\n    }\n  }\n': typeof types.AnnotateRunDocument
  '\n  query Sessions {\n    viewer {\n      sessions {\n        id\n        current\n        createdAt\n        lastUsedAt\n        userAgent\n        address\n      }\n    }\n  }\n': typeof types.SessionsDocument
  '\n  mutation RequestOtp($input: RequestOtpInput!) {\n    requestOtp(input: $input) {\n      challengeId\n      expiresAt\n    }\n  }\n': typeof types.RequestOtpDocument
  '\n  mutation VerifyOtp($input: VerifyOtpInput!) {\n    verifyOtp(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n': typeof types.VerifyOtpDocument
  '\n  fragment KpiFields on Kpi {\n    value\n    unit\n    n\n    coverage\n    change\n    low\n    high\n    note\n    formulaVersion\n    baseline {\n      median\n      p90\n      n\n      source\n      window\n      version\n    }\n    parts {\n      name\n      value\n      unit\n      note\n    }\n  }\n': typeof types.KpiFieldsFragmentDoc
  '\n  query Kpis($range: TimeRange!) {\n    kpis(range: $range) {\n      timeToBenefit {\n        ...KpiFields\n      }\n      turnaround {\n        ...KpiFields\n      }\n      effectiveness {\n        ...KpiFields\n      }\n      staffRelief {\n        ...KpiFields\n      }\n      customerExperience {\n        ...KpiFields\n      }\n    }\n  }\n': typeof types.KpisDocument
  '\n  subscription KpisChanged($range: TimeRange!) {\n    kpisChanged(range: $range) {\n      turnaround {\n        n\n      }\n    }\n  }\n': typeof types.KpisChangedDocument
  '\n  query Trend($a: TimeRange!, $b: TimeRange!, $c: TimeRange!, $d: TimeRange!, $e: TimeRange!, $f: TimeRange!) {\n    a: kpis(range: $a) {\n      turnaround {\n        value\n        n\n      }\n    }\n    b: kpis(range: $b) {\n      turnaround {\n        value\n        n\n      }\n    }\n    c: kpis(range: $c) {\n      turnaround {\n        value\n        n\n      }\n    }\n    d: kpis(range: $d) {\n      turnaround {\n        value\n        n\n      }\n    }\n    e: kpis(range: $e) {\n      turnaround {\n        value\n        n\n      }\n    }\n    f: kpis(range: $f) {\n      turnaround {\n        value\n        n\n      }\n    }\n  }\n': typeof types.TrendDocument
  '\n  query Viewer {\n    viewer {\n      role\n      scopes\n      organization {\n        id\n        name\n        kind\n        timeZone\n      }\n      actor {\n        __typename\n        ... on User {\n          id\n          displayName\n          email\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n': typeof types.ViewerDocument
  '\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      everywhere\n    }\n  }\n': typeof types.SignOutDocument
  '\n  query OpenReviewCount {\n    reviews(filter: { status: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n': typeof types.OpenReviewCountDocument
  '\n  subscription OpenReviewsMoved {\n    reviewsChanged(filter: { status: [OPEN] }) {\n      cursor\n      kind\n    }\n  }\n': typeof types.OpenReviewsMovedDocument
  '\n  query Organizations {\n    organizations {\n      id\n      name\n      kind\n    }\n  }\n': typeof types.OrganizationsDocument
  '\n  mutation SwitchOrganization($input: SwitchOrganizationInput!) {\n    switchOrganization(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n': typeof types.SwitchOrganizationDocument
}
const documents: Documents = {
  '\n  fragment LatencyFields on LatencySummary {\n    n\n    p50\n    p90\n    p99\n  }\n': types.LatencyFieldsFragmentDoc,
  '\n  query TechnicalHealth($range: TimeRange!) {\n    technicalHealth(range: $range) {\n      runs\n      succeeded\n      failed\n      active\n      errorRate\n      retries\n      inputTokens\n      outputTokens\n      bucketSize\n      runLatency {\n        ...LatencyFields\n      }\n      machineLatency {\n        ...LatencyFields\n      }\n      queueWait {\n        ...LatencyFields\n      }\n      nodes {\n        node\n        executions\n        failures\n        retries\n        latency {\n          ...LatencyFields\n        }\n      }\n      failures {\n        code\n        count\n        rate\n      }\n      cost {\n        amount\n        currency\n      }\n      costPerRun {\n        amount\n        currency\n      }\n      throughput {\n        at\n        started\n        succeeded\n        failed\n      }\n    }\n  }\n':
    types.TechnicalHealthDocument,
  '\n  fragment ReviewRow on Review {\n    id\n    question\n    status\n    confidence\n    openedAt\n    dueAt\n    proposal\n    run {\n      id\n      caseId\n      input\n      workflow {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n    decision {\n      action\n      comment\n      value\n      decidedAt\n      decidedBy {\n        __typename\n        ... on User {\n          id\n          displayName\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n':
    types.ReviewRowFragmentDoc,
  '\n  query Reviews($filter: ReviewFilter, $first: Int, $after: String) {\n    reviews(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        ...ReviewRow\n      }\n    }\n  }\n':
    types.ReviewsDocument,
  '\n  subscription ReviewsChanged($filter: ReviewFilter, $after: String) {\n    reviewsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      review {\n        ...ReviewRow\n      }\n    }\n  }\n':
    types.ReviewsChangedDocument,
  '\n  query Review($id: ID!) {\n    review(id: $id) {\n      ...ReviewRow\n      node\n      checkpointId\n      allowedActions\n      responseSchema\n      evidence {\n        documentId\n        title\n        text\n        score\n        label\n      }\n    }\n  }\n':
    types.ReviewDocument,
  '\n  mutation DecideReview($input: DecideReviewInput!) {\n    decideReview(input: $input) {\n      review {\n        id\n        status\n      }\n      run {\n        id\n        status\n      }\n    }\n  }\n':
    types.DecideReviewDocument,
  '\n  fragment RunRow on Run {\n    id\n    caseId\n    status\n    trigger\n    input\n    output\n    queuedAt\n    finishedAt\n    durationMs\n    lastSeq\n    failure {\n      code\n      reason\n    }\n    workflow {\n      id\n      slug\n      name\n    }\n    organization {\n      id\n      name\n    }\n    cost {\n      asOfSeq\n      total {\n        amount\n        currency\n      }\n    }\n  }\n':
    types.RunRowFragmentDoc,
  '\n  query Runs($filter: RunFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    runs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        ...RunRow\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n':
    types.RunsDocument,
  '\n  subscription RunsChanged($filter: RunFilter, $after: String) {\n    runsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      run {\n        ...RunRow\n      }\n    }\n  }\n':
    types.RunsChangedDocument,
  '\n  query WorkflowChoices {\n    workflows(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        description\n        currentVersion {\n          id\n          number\n          inputSchema\n        }\n      }\n    }\n  }\n':
    types.WorkflowChoicesDocument,
  '\n  mutation StartRun($input: StartRunInput!) {\n    startRun(input: $input) {\n      created\n      run {\n        id\n      }\n    }\n  }\n':
    types.StartRunDocument,
  '\n  fragment FailureFields on RunFailure {\n    code\n    reason\n    node\n    attempt\n    retryable\n    consequence\n  }\n':
    types.FailureFieldsFragmentDoc,
  '\n  fragment ActorFields on Actor {\n    __typename\n    ... on User {\n      id\n      displayName\n    }\n    ... on ServiceClient {\n      id\n      name\n    }\n    ... on SystemActor {\n      id\n      name\n    }\n  }\n':
    types.ActorFieldsFragmentDoc,
  '\n  fragment LiveRun on Run {\n    id\n    status\n    lastSeq\n    startedAt\n    finishedAt\n    durationMs\n    cost {\n      asOfSeq\n      tokens\n      total {\n        amount\n        currency\n      }\n    }\n  }\n':
    types.LiveRunFragmentDoc,
  '\n  fragment TransitionFields on RunTransition {\n    seq\n    at\n    kind\n    status\n    node\n    agent\n    attempt\n    summary\n    durationMs\n    stateDiff\n    failure {\n      ...FailureFields\n    }\n    usage {\n      model\n      inputTokens\n      outputTokens\n    }\n    actor {\n      ...ActorFields\n    }\n  }\n':
    types.TransitionFieldsFragmentDoc,
  '\n  query Run($id: ID!) {\n    run(id: $id) {\n      ...LiveRun\n      caseId\n      trigger\n      input\n      output\n      tags\n      traceId\n      queuedAt\n      workflow {\n        id\n        name\n      }\n      version {\n        id\n        number\n      }\n      organization {\n        id\n        name\n      }\n      startedBy {\n        ...ActorFields\n      }\n      failure {\n        ...FailureFields\n      }\n      graph {\n        nodes {\n          name\n          kind\n          agent\n          description\n          state\n          visits\n          attempts\n          durationMs\n        }\n        edges {\n          from\n          to\n          condition\n          taken\n        }\n      }\n      steps {\n        node\n        agent\n        attempts {\n          attempt\n          state\n          startedAt\n          durationMs\n          failure {\n            ...FailureFields\n          }\n        }\n        evidence {\n          documentId\n          title\n          text\n          score\n          label\n        }\n      }\n      state\n      reviews {\n        id\n        node\n        question\n        status\n        confidence\n        openedAt\n        dueAt\n        decision {\n          action\n          value\n          comment\n          decidedAt\n          decidedBy {\n            ...ActorFields\n          }\n        }\n      }\n      annotations(first: 100) {\n        nodes {\n          id\n          body\n          createdAt\n          author {\n            ...ActorFields\n          }\n        }\n      }\n      artifacts {\n        nodes {\n          id\n          name\n          mediaType\n          bytes\n          url\n          createdAt\n        }\n      }\n      effectiveness {\n        kpi\n        before {\n          median\n          p90\n          n\n          source\n          window\n        }\n        after\n        rolling\n        rollingN\n        change\n        percentile\n        frozenAt\n      }\n    }\n  }\n':
    types.RunDocument,
  '\n  query RunHistory($id: ID!) {\n    run(id: $id) {\n      id\n      transitions(first: 200) {\n        nodes {\n          ...TransitionFields\n        }\n      }\n    }\n  }\n':
    types.RunHistoryDocument,
  '\n  subscription RunTransitions($runId: ID!, $after: Int) {\n    runTransitions(runId: $runId, after: $after) {\n      ...TransitionFields\n      run {\n        ...LiveRun\n      }\n    }\n  }\n':
    types.RunTransitionsDocument,
  '\n  mutation CancelRun($input: CancelRunInput!) {\n    cancelRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n':
    types.CancelRunDocument,
  '\n  mutation RetryRun($input: RetryRunInput!) {\n    retryRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n':
    types.RetryRunDocument,
  '\n  mutation AnnotateRun($input: AnnotateRunInput!) {\n    annotateRun(input: $input) {\n      annotation {\n        id\n        body\n      }\n    }\n  }\n':
    types.AnnotateRunDocument,
  '\n  query Sessions {\n    viewer {\n      sessions {\n        id\n        current\n        createdAt\n        lastUsedAt\n        userAgent\n        address\n      }\n    }\n  }\n':
    types.SessionsDocument,
  '\n  mutation RequestOtp($input: RequestOtpInput!) {\n    requestOtp(input: $input) {\n      challengeId\n      expiresAt\n    }\n  }\n':
    types.RequestOtpDocument,
  '\n  mutation VerifyOtp($input: VerifyOtpInput!) {\n    verifyOtp(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n':
    types.VerifyOtpDocument,
  '\n  fragment KpiFields on Kpi {\n    value\n    unit\n    n\n    coverage\n    change\n    low\n    high\n    note\n    formulaVersion\n    baseline {\n      median\n      p90\n      n\n      source\n      window\n      version\n    }\n    parts {\n      name\n      value\n      unit\n      note\n    }\n  }\n':
    types.KpiFieldsFragmentDoc,
  '\n  query Kpis($range: TimeRange!) {\n    kpis(range: $range) {\n      timeToBenefit {\n        ...KpiFields\n      }\n      turnaround {\n        ...KpiFields\n      }\n      effectiveness {\n        ...KpiFields\n      }\n      staffRelief {\n        ...KpiFields\n      }\n      customerExperience {\n        ...KpiFields\n      }\n    }\n  }\n':
    types.KpisDocument,
  '\n  subscription KpisChanged($range: TimeRange!) {\n    kpisChanged(range: $range) {\n      turnaround {\n        n\n      }\n    }\n  }\n':
    types.KpisChangedDocument,
  '\n  query Trend($a: TimeRange!, $b: TimeRange!, $c: TimeRange!, $d: TimeRange!, $e: TimeRange!, $f: TimeRange!) {\n    a: kpis(range: $a) {\n      turnaround {\n        value\n        n\n      }\n    }\n    b: kpis(range: $b) {\n      turnaround {\n        value\n        n\n      }\n    }\n    c: kpis(range: $c) {\n      turnaround {\n        value\n        n\n      }\n    }\n    d: kpis(range: $d) {\n      turnaround {\n        value\n        n\n      }\n    }\n    e: kpis(range: $e) {\n      turnaround {\n        value\n        n\n      }\n    }\n    f: kpis(range: $f) {\n      turnaround {\n        value\n        n\n      }\n    }\n  }\n':
    types.TrendDocument,
  '\n  query Viewer {\n    viewer {\n      role\n      scopes\n      organization {\n        id\n        name\n        kind\n        timeZone\n      }\n      actor {\n        __typename\n        ... on User {\n          id\n          displayName\n          email\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n':
    types.ViewerDocument,
  '\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      everywhere\n    }\n  }\n':
    types.SignOutDocument,
  '\n  query OpenReviewCount {\n    reviews(filter: { status: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n':
    types.OpenReviewCountDocument,
  '\n  subscription OpenReviewsMoved {\n    reviewsChanged(filter: { status: [OPEN] }) {\n      cursor\n      kind\n    }\n  }\n':
    types.OpenReviewsMovedDocument,
  '\n  query Organizations {\n    organizations {\n      id\n      name\n      kind\n    }\n  }\n': types.OrganizationsDocument,
  '\n  mutation SwitchOrganization($input: SwitchOrganizationInput!) {\n    switchOrganization(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n':
    types.SwitchOrganizationDocument,
}

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment LatencyFields on LatencySummary {\n    n\n    p50\n    p90\n    p99\n  }\n',
): (typeof documents)['\n  fragment LatencyFields on LatencySummary {\n    n\n    p50\n    p90\n    p99\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query TechnicalHealth($range: TimeRange!) {\n    technicalHealth(range: $range) {\n      runs\n      succeeded\n      failed\n      active\n      errorRate\n      retries\n      inputTokens\n      outputTokens\n      bucketSize\n      runLatency {\n        ...LatencyFields\n      }\n      machineLatency {\n        ...LatencyFields\n      }\n      queueWait {\n        ...LatencyFields\n      }\n      nodes {\n        node\n        executions\n        failures\n        retries\n        latency {\n          ...LatencyFields\n        }\n      }\n      failures {\n        code\n        count\n        rate\n      }\n      cost {\n        amount\n        currency\n      }\n      costPerRun {\n        amount\n        currency\n      }\n      throughput {\n        at\n        started\n        succeeded\n        failed\n      }\n    }\n  }\n',
): (typeof documents)['\n  query TechnicalHealth($range: TimeRange!) {\n    technicalHealth(range: $range) {\n      runs\n      succeeded\n      failed\n      active\n      errorRate\n      retries\n      inputTokens\n      outputTokens\n      bucketSize\n      runLatency {\n        ...LatencyFields\n      }\n      machineLatency {\n        ...LatencyFields\n      }\n      queueWait {\n        ...LatencyFields\n      }\n      nodes {\n        node\n        executions\n        failures\n        retries\n        latency {\n          ...LatencyFields\n        }\n      }\n      failures {\n        code\n        count\n        rate\n      }\n      cost {\n        amount\n        currency\n      }\n      costPerRun {\n        amount\n        currency\n      }\n      throughput {\n        at\n        started\n        succeeded\n        failed\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment ReviewRow on Review {\n    id\n    question\n    status\n    confidence\n    openedAt\n    dueAt\n    proposal\n    run {\n      id\n      caseId\n      input\n      workflow {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n    decision {\n      action\n      comment\n      value\n      decidedAt\n      decidedBy {\n        __typename\n        ... on User {\n          id\n          displayName\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n',
): (typeof documents)['\n  fragment ReviewRow on Review {\n    id\n    question\n    status\n    confidence\n    openedAt\n    dueAt\n    proposal\n    run {\n      id\n      caseId\n      input\n      workflow {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n    decision {\n      action\n      comment\n      value\n      decidedAt\n      decidedBy {\n        __typename\n        ... on User {\n          id\n          displayName\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Reviews($filter: ReviewFilter, $first: Int, $after: String) {\n    reviews(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        ...ReviewRow\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Reviews($filter: ReviewFilter, $first: Int, $after: String) {\n    reviews(filter: $filter, first: $first, after: $after) {\n      totalCount\n      nodes {\n        ...ReviewRow\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription ReviewsChanged($filter: ReviewFilter, $after: String) {\n    reviewsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      review {\n        ...ReviewRow\n      }\n    }\n  }\n',
): (typeof documents)['\n  subscription ReviewsChanged($filter: ReviewFilter, $after: String) {\n    reviewsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      review {\n        ...ReviewRow\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Review($id: ID!) {\n    review(id: $id) {\n      ...ReviewRow\n      node\n      checkpointId\n      allowedActions\n      responseSchema\n      evidence {\n        documentId\n        title\n        text\n        score\n        label\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Review($id: ID!) {\n    review(id: $id) {\n      ...ReviewRow\n      node\n      checkpointId\n      allowedActions\n      responseSchema\n      evidence {\n        documentId\n        title\n        text\n        score\n        label\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation DecideReview($input: DecideReviewInput!) {\n    decideReview(input: $input) {\n      review {\n        id\n        status\n      }\n      run {\n        id\n        status\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation DecideReview($input: DecideReviewInput!) {\n    decideReview(input: $input) {\n      review {\n        id\n        status\n      }\n      run {\n        id\n        status\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment RunRow on Run {\n    id\n    caseId\n    status\n    trigger\n    input\n    output\n    queuedAt\n    finishedAt\n    durationMs\n    lastSeq\n    failure {\n      code\n      reason\n    }\n    workflow {\n      id\n      slug\n      name\n    }\n    organization {\n      id\n      name\n    }\n    cost {\n      asOfSeq\n      total {\n        amount\n        currency\n      }\n    }\n  }\n',
): (typeof documents)['\n  fragment RunRow on Run {\n    id\n    caseId\n    status\n    trigger\n    input\n    output\n    queuedAt\n    finishedAt\n    durationMs\n    lastSeq\n    failure {\n      code\n      reason\n    }\n    workflow {\n      id\n      slug\n      name\n    }\n    organization {\n      id\n      name\n    }\n    cost {\n      asOfSeq\n      total {\n        amount\n        currency\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Runs($filter: RunFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    runs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        ...RunRow\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Runs($filter: RunFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    runs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      nodes {\n        ...RunRow\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription RunsChanged($filter: RunFilter, $after: String) {\n    runsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      run {\n        ...RunRow\n      }\n    }\n  }\n',
): (typeof documents)['\n  subscription RunsChanged($filter: RunFilter, $after: String) {\n    runsChanged(filter: $filter, after: $after) {\n      cursor\n      kind\n      run {\n        ...RunRow\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query WorkflowChoices {\n    workflows(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        description\n        currentVersion {\n          id\n          number\n          inputSchema\n        }\n      }\n    }\n  }\n',
): (typeof documents)['\n  query WorkflowChoices {\n    workflows(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        description\n        currentVersion {\n          id\n          number\n          inputSchema\n        }\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation StartRun($input: StartRunInput!) {\n    startRun(input: $input) {\n      created\n      run {\n        id\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation StartRun($input: StartRunInput!) {\n    startRun(input: $input) {\n      created\n      run {\n        id\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment FailureFields on RunFailure {\n    code\n    reason\n    node\n    attempt\n    retryable\n    consequence\n  }\n',
): (typeof documents)['\n  fragment FailureFields on RunFailure {\n    code\n    reason\n    node\n    attempt\n    retryable\n    consequence\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment ActorFields on Actor {\n    __typename\n    ... on User {\n      id\n      displayName\n    }\n    ... on ServiceClient {\n      id\n      name\n    }\n    ... on SystemActor {\n      id\n      name\n    }\n  }\n',
): (typeof documents)['\n  fragment ActorFields on Actor {\n    __typename\n    ... on User {\n      id\n      displayName\n    }\n    ... on ServiceClient {\n      id\n      name\n    }\n    ... on SystemActor {\n      id\n      name\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment LiveRun on Run {\n    id\n    status\n    lastSeq\n    startedAt\n    finishedAt\n    durationMs\n    cost {\n      asOfSeq\n      tokens\n      total {\n        amount\n        currency\n      }\n    }\n  }\n',
): (typeof documents)['\n  fragment LiveRun on Run {\n    id\n    status\n    lastSeq\n    startedAt\n    finishedAt\n    durationMs\n    cost {\n      asOfSeq\n      tokens\n      total {\n        amount\n        currency\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment TransitionFields on RunTransition {\n    seq\n    at\n    kind\n    status\n    node\n    agent\n    attempt\n    summary\n    durationMs\n    stateDiff\n    failure {\n      ...FailureFields\n    }\n    usage {\n      model\n      inputTokens\n      outputTokens\n    }\n    actor {\n      ...ActorFields\n    }\n  }\n',
): (typeof documents)['\n  fragment TransitionFields on RunTransition {\n    seq\n    at\n    kind\n    status\n    node\n    agent\n    attempt\n    summary\n    durationMs\n    stateDiff\n    failure {\n      ...FailureFields\n    }\n    usage {\n      model\n      inputTokens\n      outputTokens\n    }\n    actor {\n      ...ActorFields\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Run($id: ID!) {\n    run(id: $id) {\n      ...LiveRun\n      caseId\n      trigger\n      input\n      output\n      tags\n      traceId\n      queuedAt\n      workflow {\n        id\n        name\n      }\n      version {\n        id\n        number\n      }\n      organization {\n        id\n        name\n      }\n      startedBy {\n        ...ActorFields\n      }\n      failure {\n        ...FailureFields\n      }\n      graph {\n        nodes {\n          name\n          kind\n          agent\n          description\n          state\n          visits\n          attempts\n          durationMs\n        }\n        edges {\n          from\n          to\n          condition\n          taken\n        }\n      }\n      steps {\n        node\n        agent\n        attempts {\n          attempt\n          state\n          startedAt\n          durationMs\n          failure {\n            ...FailureFields\n          }\n        }\n        evidence {\n          documentId\n          title\n          text\n          score\n          label\n        }\n      }\n      state\n      reviews {\n        id\n        node\n        question\n        status\n        confidence\n        openedAt\n        dueAt\n        decision {\n          action\n          value\n          comment\n          decidedAt\n          decidedBy {\n            ...ActorFields\n          }\n        }\n      }\n      annotations(first: 100) {\n        nodes {\n          id\n          body\n          createdAt\n          author {\n            ...ActorFields\n          }\n        }\n      }\n      artifacts {\n        nodes {\n          id\n          name\n          mediaType\n          bytes\n          url\n          createdAt\n        }\n      }\n      effectiveness {\n        kpi\n        before {\n          median\n          p90\n          n\n          source\n          window\n        }\n        after\n        rolling\n        rollingN\n        change\n        percentile\n        frozenAt\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Run($id: ID!) {\n    run(id: $id) {\n      ...LiveRun\n      caseId\n      trigger\n      input\n      output\n      tags\n      traceId\n      queuedAt\n      workflow {\n        id\n        name\n      }\n      version {\n        id\n        number\n      }\n      organization {\n        id\n        name\n      }\n      startedBy {\n        ...ActorFields\n      }\n      failure {\n        ...FailureFields\n      }\n      graph {\n        nodes {\n          name\n          kind\n          agent\n          description\n          state\n          visits\n          attempts\n          durationMs\n        }\n        edges {\n          from\n          to\n          condition\n          taken\n        }\n      }\n      steps {\n        node\n        agent\n        attempts {\n          attempt\n          state\n          startedAt\n          durationMs\n          failure {\n            ...FailureFields\n          }\n        }\n        evidence {\n          documentId\n          title\n          text\n          score\n          label\n        }\n      }\n      state\n      reviews {\n        id\n        node\n        question\n        status\n        confidence\n        openedAt\n        dueAt\n        decision {\n          action\n          value\n          comment\n          decidedAt\n          decidedBy {\n            ...ActorFields\n          }\n        }\n      }\n      annotations(first: 100) {\n        nodes {\n          id\n          body\n          createdAt\n          author {\n            ...ActorFields\n          }\n        }\n      }\n      artifacts {\n        nodes {\n          id\n          name\n          mediaType\n          bytes\n          url\n          createdAt\n        }\n      }\n      effectiveness {\n        kpi\n        before {\n          median\n          p90\n          n\n          source\n          window\n        }\n        after\n        rolling\n        rollingN\n        change\n        percentile\n        frozenAt\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query RunHistory($id: ID!) {\n    run(id: $id) {\n      id\n      transitions(first: 200) {\n        nodes {\n          ...TransitionFields\n        }\n      }\n    }\n  }\n',
): (typeof documents)['\n  query RunHistory($id: ID!) {\n    run(id: $id) {\n      id\n      transitions(first: 200) {\n        nodes {\n          ...TransitionFields\n        }\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription RunTransitions($runId: ID!, $after: Int) {\n    runTransitions(runId: $runId, after: $after) {\n      ...TransitionFields\n      run {\n        ...LiveRun\n      }\n    }\n  }\n',
): (typeof documents)['\n  subscription RunTransitions($runId: ID!, $after: Int) {\n    runTransitions(runId: $runId, after: $after) {\n      ...TransitionFields\n      run {\n        ...LiveRun\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation CancelRun($input: CancelRunInput!) {\n    cancelRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation CancelRun($input: CancelRunInput!) {\n    cancelRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation RetryRun($input: RetryRunInput!) {\n    retryRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation RetryRun($input: RetryRunInput!) {\n    retryRun(input: $input) {\n      run {\n        id\n        status\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation AnnotateRun($input: AnnotateRunInput!) {\n    annotateRun(input: $input) {\n      annotation {\n        id\n        body\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation AnnotateRun($input: AnnotateRunInput!) {\n    annotateRun(input: $input) {\n      annotation {\n        id\n        body\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Sessions {\n    viewer {\n      sessions {\n        id\n        current\n        createdAt\n        lastUsedAt\n        userAgent\n        address\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Sessions {\n    viewer {\n      sessions {\n        id\n        current\n        createdAt\n        lastUsedAt\n        userAgent\n        address\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation RequestOtp($input: RequestOtpInput!) {\n    requestOtp(input: $input) {\n      challengeId\n      expiresAt\n    }\n  }\n',
): (typeof documents)['\n  mutation RequestOtp($input: RequestOtpInput!) {\n    requestOtp(input: $input) {\n      challengeId\n      expiresAt\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation VerifyOtp($input: VerifyOtpInput!) {\n    verifyOtp(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation VerifyOtp($input: VerifyOtpInput!) {\n    verifyOtp(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  fragment KpiFields on Kpi {\n    value\n    unit\n    n\n    coverage\n    change\n    low\n    high\n    note\n    formulaVersion\n    baseline {\n      median\n      p90\n      n\n      source\n      window\n      version\n    }\n    parts {\n      name\n      value\n      unit\n      note\n    }\n  }\n',
): (typeof documents)['\n  fragment KpiFields on Kpi {\n    value\n    unit\n    n\n    coverage\n    change\n    low\n    high\n    note\n    formulaVersion\n    baseline {\n      median\n      p90\n      n\n      source\n      window\n      version\n    }\n    parts {\n      name\n      value\n      unit\n      note\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Kpis($range: TimeRange!) {\n    kpis(range: $range) {\n      timeToBenefit {\n        ...KpiFields\n      }\n      turnaround {\n        ...KpiFields\n      }\n      effectiveness {\n        ...KpiFields\n      }\n      staffRelief {\n        ...KpiFields\n      }\n      customerExperience {\n        ...KpiFields\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Kpis($range: TimeRange!) {\n    kpis(range: $range) {\n      timeToBenefit {\n        ...KpiFields\n      }\n      turnaround {\n        ...KpiFields\n      }\n      effectiveness {\n        ...KpiFields\n      }\n      staffRelief {\n        ...KpiFields\n      }\n      customerExperience {\n        ...KpiFields\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription KpisChanged($range: TimeRange!) {\n    kpisChanged(range: $range) {\n      turnaround {\n        n\n      }\n    }\n  }\n',
): (typeof documents)['\n  subscription KpisChanged($range: TimeRange!) {\n    kpisChanged(range: $range) {\n      turnaround {\n        n\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Trend($a: TimeRange!, $b: TimeRange!, $c: TimeRange!, $d: TimeRange!, $e: TimeRange!, $f: TimeRange!) {\n    a: kpis(range: $a) {\n      turnaround {\n        value\n        n\n      }\n    }\n    b: kpis(range: $b) {\n      turnaround {\n        value\n        n\n      }\n    }\n    c: kpis(range: $c) {\n      turnaround {\n        value\n        n\n      }\n    }\n    d: kpis(range: $d) {\n      turnaround {\n        value\n        n\n      }\n    }\n    e: kpis(range: $e) {\n      turnaround {\n        value\n        n\n      }\n    }\n    f: kpis(range: $f) {\n      turnaround {\n        value\n        n\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Trend($a: TimeRange!, $b: TimeRange!, $c: TimeRange!, $d: TimeRange!, $e: TimeRange!, $f: TimeRange!) {\n    a: kpis(range: $a) {\n      turnaround {\n        value\n        n\n      }\n    }\n    b: kpis(range: $b) {\n      turnaround {\n        value\n        n\n      }\n    }\n    c: kpis(range: $c) {\n      turnaround {\n        value\n        n\n      }\n    }\n    d: kpis(range: $d) {\n      turnaround {\n        value\n        n\n      }\n    }\n    e: kpis(range: $e) {\n      turnaround {\n        value\n        n\n      }\n    }\n    f: kpis(range: $f) {\n      turnaround {\n        value\n        n\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Viewer {\n    viewer {\n      role\n      scopes\n      organization {\n        id\n        name\n        kind\n        timeZone\n      }\n      actor {\n        __typename\n        ... on User {\n          id\n          displayName\n          email\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n',
): (typeof documents)['\n  query Viewer {\n    viewer {\n      role\n      scopes\n      organization {\n        id\n        name\n        kind\n        timeZone\n      }\n      actor {\n        __typename\n        ... on User {\n          id\n          displayName\n          email\n        }\n        ... on ServiceClient {\n          id\n          name\n        }\n        ... on SystemActor {\n          id\n          name\n        }\n      }\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      everywhere\n    }\n  }\n',
): (typeof documents)['\n  mutation SignOut($input: SignOutInput!) {\n    signOut(input: $input) {\n      everywhere\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query OpenReviewCount {\n    reviews(filter: { status: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n',
): (typeof documents)['\n  query OpenReviewCount {\n    reviews(filter: { status: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  subscription OpenReviewsMoved {\n    reviewsChanged(filter: { status: [OPEN] }) {\n      cursor\n      kind\n    }\n  }\n',
): (typeof documents)['\n  subscription OpenReviewsMoved {\n    reviewsChanged(filter: { status: [OPEN] }) {\n      cursor\n      kind\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  query Organizations {\n    organizations {\n      id\n      name\n      kind\n    }\n  }\n',
): (typeof documents)['\n  query Organizations {\n    organizations {\n      id\n      name\n      kind\n    }\n  }\n']
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(
  source: '\n  mutation SwitchOrganization($input: SwitchOrganizationInput!) {\n    switchOrganization(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n',
): (typeof documents)['\n  mutation SwitchOrganization($input: SwitchOrganizationInput!) {\n    switchOrganization(input: $input) {\n      viewer {\n        role\n      }\n    }\n  }\n']

export function graphql(source: string) {
  return (documents as any)[source] ?? {}
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> =
  TDocumentNode extends DocumentNode<infer TType, any> ? TType : never
