package report

// The objects of SARIF 2.1.0 with the members that notiform writes, named as there and in the
// order in which they are written. What may be absent is left out when it is zero.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		OriginalURIBaseIDs map[string]sarifBase `json:"originalUriBaseIds"`
		AutomationDetails  sarifAutomation      `json:"automationDetails"`
		ColumnKind         string               `json:"columnKind"`
		Invocations        []sarifInvocation    `json:"invocations"`
		Results            []sarifResult        `json:"results"`
		Tool               sarifTool            `json:"tool"`
	}
	sarifBase struct {
		Description sarifMessage `json:"description"`
	}
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		ExecutionSuccessful        bool                `json:"executionSuccessful"`
		ExitCode                   int                 `json:"exitCode"`
		ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	// sarifMessage is a message, or a multiformatMessageString: both hold a text.
	sarifMessage struct {
		Markdown string `json:"markdown,omitzero"`
		Text     string `json:"text"`
	}
	sarifResult struct {
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Level               string            `json:"level"`
		Locations           []sarifLocation   `json:"locations"`
		Message             sarifMessage      `json:"message"`
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex,omitzero"` // left out for the first rule, which is found by its id
	}
	sarifLocation struct {
		PhysicalLocation sarifPlace `json:"physicalLocation"`
	}
	// sarifPlace is a physicalLocation.
	sarifPlace struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	// sarifArtifact is an artifactLocation.
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitzero"`
	}
	sarifRegion struct {
		StartColumn int `json:"startColumn,omitzero"`
		StartLine   int `json:"startLine"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	// sarifDriver is the toolComponent that notiform is.
	sarifDriver struct {
		Name            string      `json:"name"`
		Rules           []sarifRule `json:"rules"`
		SemanticVersion string      `json:"semanticVersion,omitzero"`
		Version         string      `json:"version,omitzero"`
	}
	// sarifRule is a reportingDescriptor.
	sarifRule struct {
		DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
		FullDescription      sarifMessage       `json:"fullDescription"`
		Help                 sarifMessage       `json:"help"`
		ID                   string             `json:"id"`
		Name                 string             `json:"name"`
		ShortDescription     sarifMessage       `json:"shortDescription"`
	}
	sarifConfiguration struct {
		Enabled bool   `json:"enabled"`
		Level   string `json:"level"`
	}
)
