// The umbrella: everything but asio.hpp, the door to Boost.Asio.
//
// Data flows upward through the layers; each header includes only its own layer and lower ones.
//
//   5  streams                              what most users write against
//   4  protocols transports server ssl      bytes on the wire
//   3  locks queues                         co-operation between tasks
//   2  coroutines futures tasks runners gather timeouts taskgroups generators threads
//   1  events context policies      the loop
//   0  config exceptions constants log
#pragma once
#include <asyncio/address_info.hpp>
#include <asyncio/as_completed.hpp>
#include <asyncio/async_exit_stack.hpp>
#include <asyncio/async_with.hpp>
#include <asyncio/barrier.hpp>
#include <asyncio/concurrent.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/context.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/datagrams.hpp>
#include <asyncio/endpoints.hpp>
#include <asyncio/event_loop.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/file_arg.hpp>
#include <asyncio/futures.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/generators.hpp>
#include <asyncio/locks.hpp>
#include <asyncio/log.hpp>
#include <asyncio/outcome.hpp>
#include <asyncio/pipes.hpp>
#include <asyncio/policies.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/queues.hpp>
#include <asyncio/readers.hpp>
#include <asyncio/runners.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/sendfile.hpp>
#include <asyncio/server.hpp>
#include <asyncio/shield.hpp>
#include <asyncio/socket.hpp>
#include <asyncio/socket_address.hpp>
#include <asyncio/sockets.hpp>
#include <asyncio/ssl.hpp>
#include <asyncio/staggered.hpp>
#include <asyncio/start_tls.hpp>
#include <asyncio/stream_reader.hpp>
#include <asyncio/stream_writer.hpp>
#include <asyncio/streams.hpp>
#include <asyncio/taskgroups.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/threads.hpp>
#include <asyncio/timeouts.hpp>
#include <asyncio/transports.hpp>
#include <asyncio/unix_endpoints.hpp>
#include <asyncio/unix_streams.hpp>
#include <asyncio/version.hpp>
#include <asyncio/wait.hpp>
#include <asyncio/wait_for.hpp>
