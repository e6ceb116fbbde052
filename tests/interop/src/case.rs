//! [`Case`].

use std::fmt;

/// A case of the protocol, called as every interoperability client calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Nothing for nothing.
    EmptyUnary,
    /// More than a flow-control window in one message, in both directions.
    LargeUnary,
    /// Four requests, one answer.
    ClientStreaming,
    /// One request, four answers.
    ServerStreaming,
    /// Four times one request and its answer, in one call.
    PingPong,
    /// A call of both streams without a message.
    EmptyStream,
    /// A deadline of a millisecond, and a server in no hurry.
    TimeoutOnSleepingServer,
    /// A client that leaves after it sent its metadata.
    CancelAfterBegin,
    /// A client that leaves after the first answer.
    CancelAfterFirstResponse,
    /// A status that was asked for, in the head of an answer and in its trailers.
    StatusCodeAndMessage,
    /// A message of a status that no header could carry as it is.
    SpecialStatusMessage,
    /// Metadata that comes back, before the answer and after it.
    CustomMetadata,
    /// A method that its service does not implement.
    UnimplementedMethod,
    /// A service that the server does not have.
    UnimplementedService,
}

impl Case {
    /// Every case there is.
    pub const ALL: [Case; 14] = [
        Case::EmptyUnary,
        Case::LargeUnary,
        Case::ClientStreaming,
        Case::ServerStreaming,
        Case::PingPong,
        Case::EmptyStream,
        Case::TimeoutOnSleepingServer,
        Case::CancelAfterBegin,
        Case::CancelAfterFirstResponse,
        Case::StatusCodeAndMessage,
        Case::SpecialStatusMessage,
        Case::CustomMetadata,
        Case::UnimplementedMethod,
        Case::UnimplementedService,
    ];

    /// What the argument `--test_case` of a client calls it.
    pub fn name(self) -> &'static str {
        match self {
            Case::EmptyUnary => "empty_unary",
            Case::LargeUnary => "large_unary",
            Case::ClientStreaming => "client_streaming",
            Case::ServerStreaming => "server_streaming",
            Case::PingPong => "ping_pong",
            Case::EmptyStream => "empty_stream",
            Case::TimeoutOnSleepingServer => "timeout_on_sleeping_server",
            Case::CancelAfterBegin => "cancel_after_begin",
            Case::CancelAfterFirstResponse => "cancel_after_first_response",
            Case::StatusCodeAndMessage => "status_code_and_message",
            Case::SpecialStatusMessage => "special_status_message",
            Case::CustomMetadata => "custom_metadata",
            Case::UnimplementedMethod => "unimplemented_method",
            Case::UnimplementedService => "unimplemented_service",
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
