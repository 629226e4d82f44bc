# Pins FDW-01, FDW-02, FDW-04, FDW-05, FDW-07: callbacks go on while there is something to read,
# adding again replaces, a queued call does not run after its removal, errors.
import asyncio
import os


async def amain():
    loop = asyncio.get_running_loop()
    r, w = os.pipe()
    r2, w2 = os.pipe()
    done = asyncio.Event()

    def read_one(name):
        c = os.read(r, 1)
        print(name, c)
        if c == b"c":
            print("removed", loop.remove_reader(r))
            print("again", loop.remove_reader(r))
            done.set()

    loop.add_reader(r, read_one, "first")
    loop.add_reader(r, read_one, "second")
    os.write(w, b"abcd")
    await done.wait()
    await asyncio.sleep(0)
    print("rest", os.read(r, 10))

    count = 0

    def either():
        nonlocal count
        count += 1
        loop.remove_reader(r)
        loop.remove_reader(r2)

    os.write(w, b"x")
    os.write(w2, b"x")
    loop.add_reader(r, either)
    loop.add_reader(r2, either)
    while not count:
        await asyncio.sleep(0)
    for i in range(3):
        await asyncio.sleep(0)
    print("calls", count)

    writable = loop.create_future()

    def on_writable():
        writable.set_result(loop.remove_writer(w))

    loop.add_writer(w, on_writable)
    print("writable", await writable)
    file = os.open(".", os.O_RDONLY)
    for fd in (file, -1):
        try:
            loop.add_reader(fd, print)
        except Exception as e:
            print(repr(e))
    for fd in (file, r, w, r2, w2):
        os.close(fd)


asyncio.run(amain())
