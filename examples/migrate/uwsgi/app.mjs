export default (_request, response) => {
  response.setHeader('Content-Type', 'text/plain');
  response.end('miaow from Node\n');
};
