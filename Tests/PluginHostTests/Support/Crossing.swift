import Testing

/// A try to get through a wall: Python that raises nothing where it gets through.
struct Crossing: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// Whether it gets through where there are no walls, on any machine and with any rights.
    var isOpenOutside = true
    /// Whether it takes namespaces to stop it.
    var needsNamespaces = false

    var testDescription: String { name }

    init(
        _ name: String,
        _ text: String,
        isOpenOutside: Bool = true,
        needsNamespaces: Bool = false
    ) {
        self.name = name
        self.text = text
        self.isOpenOutside = isOpenOutside
        self.needsNamespaces = needsNamespaces
    }

    /// Runs a line in a process of its own, which would change it for good.
    private static func inChild(_ line: String) -> String {
        """
        child = os.fork()
        if child == 0:
            try: \(line)
            except OSError: os._exit(1)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        """
    }

    /// Sockets; `PORT` and `OUTSIDE/socket`, `OUTSIDE/datagrams` are listened on by the test.
    static let network = [
        Crossing("tcp", "socket.create_connection(('127.0.0.1', PORT), 2)"),
        Crossing(
            "udp",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"
        ),
        Crossing(
            "a socket in the file system",
            "socket.socket(socket.AF_UNIX).connect(OUTSIDE + '/socket')"
        ),
        Crossing(
            "an abstract socket",
            "socket.socket(socket.AF_UNIX).bind('\\0annals-' + str(os.getpid()))"
        ),
        Crossing(
            "a pair for datagrams, connected anew",
            "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', OUTSIDE + '/datagrams')"
        ),
        Crossing("netlink", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"),
        Crossing("listen", "socket.create_server(('127.0.0.1', 0))"),
        Crossing("names", "socket.getaddrinfo('example.org', 80)", isOpenOutside: false),
    ]

    /// Files; `OUTSIDE` is a folder of the test's, with a `file` whose mode is 644.
    static let files = [
        Crossing("its own folder", "open(FOLDER + '/new', 'w')"),
        Crossing("its own program", "open(FOLDER + '/main.py', 'a')"),
        Crossing("the system's scratch", "open('/tmp/annals-probe-%d' % os.getpid(), 'w')"),
        Crossing("shared memory", "open('/dev/shm/annals-probe-%d' % os.getpid(), 'w')"),
        Crossing("read", "open(OUTSIDE + '/file').read()"),
        Crossing("list", "os.listdir(OUTSIDE)"),
        Crossing("list all", "os.listdir('/')"),
        Crossing("write", "open(OUTSIDE + '/file', 'a')"),
        Crossing("make", "os.mkdir(OUTSIDE + '/folder')"),
        Crossing("truncate", "os.truncate(OUTSIDE + '/file', 0)"),
        Crossing("delete", "open(OUTSIDE + '/passing', 'w'); os.remove(OUTSIDE + '/passing')"),
        Crossing(
            "rename in",
            "os.rename(OUTSIDE + '/file', HOME + '/file'); os.rename(HOME + '/file', OUTSIDE + '/file')"
        ),
        Crossing(
            "rename out",
            "open(HOME + '/own', 'w').close(); os.rename(HOME + '/own', OUTSIDE + '/own')"
        ),
        Crossing("link", "os.link(OUTSIDE + '/file', HOME + '/link')"),
        Crossing(
            "symbolic link",
            "os.symlink(OUTSIDE + '/file', HOME + '/symbolic'); open(HOME + '/symbolic').read()"
        ),
        Crossing("owner", "os.chown(OUTSIDE + '/file', os.getuid(), -1)"),
        Crossing(
            "attribute",
            "os.setxattr(OUTSIDE + '/file', 'user.annals', b'x')",
            isOpenOutside: false
        ),
        Crossing(
            "mode",
            "os.chmod(OUTSIDE + '/file', 0o600); assert os.stat(OUTSIDE + '/file').st_mode & 0o777 == 0o600"
        ),
        Crossing(
            "times",
            "os.utime(OUTSIDE + '/file', (1, 1)); assert os.stat(OUTSIDE + '/file').st_mtime == 1"
        ),
        Crossing("passwords", "open('/etc/shadow').read()", isOpenOutside: false),
        Crossing("root's home", "os.listdir('/root')", isOpenOutside: false),
        Crossing("other users' homes", "os.listdir('/home')"),
        Crossing("terminal", "os.open('/dev/ptmx', os.O_RDWR)", isOpenOutside: false),
        Crossing("kernel's log", "open('/dev/kmsg').read(1)", isOpenOutside: false),
        Crossing("a root elsewhere", inChild("os.chroot(HOME)"), isOpenOutside: false),
        Crossing(
            "watch",
            "call(254 if X86 else 27, LIBC.inotify_init(), (OUTSIDE + '/').encode(), 0x100)"
        ),
    ]

    /// Processes; `HOST` is the test's own.
    static let processes = [
        Crossing("memory", "open('/proc/%d/mem' % HOST)"),
        Crossing("environment", "open('/proc/%d/environ' % HOST).read(1)"),
        Crossing("descriptors", "os.readlink('/proc/%d/fd/0' % HOST)"),
        Crossing("their numbers", "os.listdir('/proc/%d/fd' % HOST)", needsNamespaces: true),
        Crossing("folder", "os.listdir('/proc/%d/cwd/' % HOST)"),
        Crossing("arguments", "open('/proc/%d/cmdline' % HOST).read(1)", needsNamespaces: true),
        Crossing("signal", "os.kill(HOST, 0)"),
        Crossing("signal of its group", "os.killpg(os.getpgid(HOST), 0)", isOpenOutside: false),
        Crossing(
            "handle",
            "signal.pidfd_send_signal(os.pidfd_open(HOST), 0)",
            isOpenOutside: false
        ),
        Crossing("limits", "import resource; resource.prlimit(HOST, resource.RLIMIT_CORE)"),
        Crossing(
            "trace",
            "child = os.fork() or time.sleep(2) or os._exit(0); call(101 if X86 else 117, 0x4206, child, 0, 0)"
        ),
        Crossing("read memory", "call(310 if X86 else 270, os.getpid(), 0, 0, 0, 0, 0)"),
    ]

    /// The kernel.
    static let calls = [
        Crossing("namespaces", "call(272 if X86 else 97, 0)"),
        Crossing(
            "a child's namespaces",
            "pid = call(56 if X86 else 220, 0x10000000 | 17, 0, 0, 0, 0); pid or os._exit(0)",
            isOpenOutside: false
        ),
        Crossing(
            "mount",
            "call(165 if X86 else 40, b'none', HOME.encode(), b'tmpfs', 0, 0)",
            isOpenOutside: false
        ),
        Crossing("keys", "call(250 if X86 else 219, 0, -3, 1)", isOpenOutside: false),
        Crossing("bpf", "call(321 if X86 else 280, 0, 0, 0)", isOpenOutside: false),
        Crossing(
            "io_uring",
            "call(425, 1, ctypes.create_string_buffer(256))",
            isOpenOutside: false
        ),
        Crossing("perf", "call(298 if X86 else 241, 0, 0, 0, -1, 0)", isOpenOutside: false),
        Crossing("userfaultfd", "call(323 if X86 else 282, 1)", isOpenOutside: false),
        Crossing("memory without a holder", "os.memfd_create('x')"),
        Crossing(
            "shared memory segments",
            "call(29 if X86 else 194, 0, 4096, 0o1600)",
            isOpenOutside: false
        ),
        Crossing(
            "message queues",
            "call(240 if X86 else 180, b'x', 0, 0, 0)",
            isOpenOutside: false
        ),
        Crossing("kernel's messages", "call(103 if X86 else 116, 10, 0, 0)", isOpenOutside: false),
        Crossing(
            "more rights",
            "assert 'NoNewPrivs:\\t0' in open('/proc/self/status').read()",
            isOpenOutside: false
        ),
    ]
}
