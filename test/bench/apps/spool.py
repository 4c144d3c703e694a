# uWSGI's spooler: a request spools as many tasks as its query says, and each does nothing.
import os
import time
import uwsgi

begun = None
runs = 0


def run(task):
    global begun, runs
    begun = begun or time.monotonic()
    runs += 1
    if runs == int(task[b'of']):
        result = task[b'result'].decode()
        with open(result + '.new', 'w') as file:
            file.write(str((time.monotonic() - begun) * 1000))
        os.rename(result + '.new', result)
    return uwsgi.SPOOL_OK


uwsgi.spooler = run


def application(env, start_response):
    query = dict(pair.split('=') for pair in env['QUERY_STRING'].split('&'))
    task = {b'of': query['of'].encode(), b'result': query['result'].encode()}
    start = time.monotonic()
    for _ in range(int(query['of'])):
        uwsgi.spool(task)
    ms = str((time.monotonic() - start) * 1000).encode()
    start_response('200 OK', [('Content-Length', str(len(ms)))])
    return [ms]
